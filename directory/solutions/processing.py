"""Solution teams, for the record of processing activities."""

from wiq.processing import Activity, Basis, Side, Term, activities

activities.register(
    Activity(
        place=150,
        key="solution_teams",
        title="Lösungsteams: Kontaktadresse und Stand",
        side=Side.TRAEGER,
        purpose=(
            "Anfragen an das richtige Lösungsteam leiten und festhalten, wer seinen Stand geändert"
            " hat. Die Kontaktadresse steht auf keiner Seite."
        ),
        basis=Basis.INTEREST,
        people=("Menschen, die in einem Lösungsteam mitmachen",),
        models=("solutions.solutionteam", "solutions.statechange"),
        readers=("Koordination des Quartiers",),
        terms=(Term("Adresse", None, until="bis das Team oder die Koordination sie ändert"),),
        says={"changed_by": "Wer den Stand geändert hat"},
    )
)  # fmt: skip
