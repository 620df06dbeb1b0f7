"""Who signed and is named in the folder, for the record of processing activities."""

from wiq.processing import Activity, Basis, Side, Term, activities

activities.register(
    Activity(
        place=240,
        key="folder",
        title="Fassungen der Mappe für den Datenschutz und ihre Unterschriften",
        side=Side.PLATFORM,
        purpose=(
            "Nachweisen, welche Fassung des Vertrags und der Verzeichnisse wann von wem"
            " unterschrieben wurde (Art. 5 Abs. 2, Art. 24 und 28 Abs. 9 DSGVO)."
        ),
        basis=Basis.CONTRACT,
        people=("Menschen, die für den Träger unterschreiben oder für ihn erreichbar sind",),
        models=("accountability.version", "accountability.signature"),
        readers=("Koordination des Quartiers", "Projektteam"),
        terms=(
            Term(
                "Fassungen und Unterschriften", None,
                until="so lange wie das Quartier; die Nacht nach seinem Ende löscht sie",
                eraser="tenants.console.tasks.nightly",
            ),
        ),
        says={"text": "Namen und Erreichbarkeit, die in den Dokumenten stehen"},
    )
)  # fmt: skip
