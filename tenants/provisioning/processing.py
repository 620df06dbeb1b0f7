"""Orders for districts, for the record of processing activities."""

from wiq.processing import Activity, Basis, Side, Term, activities

activities.register(
    Activity(
        place=220,
        key="orders",
        title="Einrichtung eines Quartiers",
        side=Side.PLATFORM,
        purpose="Der ersten Person der Koordination die Einladung schicken.",
        basis=Basis.CONTRACT,
        people=("die erste Person der Koordination",),
        models=("provisioning.order",),
        readers=("Projektteam",),
        terms=(Term("Adresse", None, until="bis die Einladung geschrieben ist"),),
        says={"coordinator": "E-Mail-Adresse der ersten Koordination"},
    )
)
