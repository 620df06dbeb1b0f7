"""Videos of the people of a district, for the record of processing activities."""

from wiq.processing import Activity, Basis, Side, Term, activities

activities.register(
    Activity(
        place=160,
        key="videos",
        title="Videos von Menschen aus dem Quartier",
        side=Side.TRAEGER,
        purpose=(
            "In einem Film erzählen Menschen, was sie tun. Er erscheint erst, wenn die Redaktion"
            " bestätigt, dass alle Gezeigten eingewilligt haben."
        ),
        basis=Basis.CONSENT,
        people=("Menschen, die im Film zu sehen oder zu hören sind",),
        models=("videos.video",),
        readers=("alle: die Seiten sind öffentlich", "Redaktion und Koordination des Quartiers"),
        terms=(Term("Film", None, until="bis eine Person widerruft oder die Redaktion ihn löscht"),),
        says={"poster": "Standbild"},
    )
)  # fmt: skip
