"""Ideas, for the record of processing activities."""

from wiq.processing import Activity, Basis, Side, Term, activities
from wiq.submissions.terms import months_of

activities.register(
    Activity(
        place=110,
        key="ideas",
        title="Ideen aus dem Quartier",
        side=Side.TRAEGER,
        purpose=(
            "Ideen von Menschen aus dem Quartier annehmen, vorbereiten, über sie entscheiden und"
            " die Person auf dem Laufenden halten."
        ),
        basis=Basis.INTEREST,
        people=("Menschen aus dem Quartier, die eine Idee bringen",),
        models=("ideas.idea", "ideas.ideastep"),
        readers=("Unterstützungsteam", "Koordination des Quartiers"),
        terms=(
            Term(
                "Name, Adresse, Telefonnummer und Text", months_of,
                "nachdem über die Idee entschieden ist", eraser="ideas_forgotten",
            ),
        ),
        says={"note": "Notiz zum Verlauf", "made_by": "Wer etwas getan hat"},
    )
)  # fmt: skip
