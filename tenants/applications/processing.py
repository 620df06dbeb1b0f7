"""Applications of new districts, for the record of the platform's own processing activities."""

from datetime import timedelta

from tenants.applications.services import KEPT_MONTHS, UNCONFIRMED_DAYS
from wiq.processing import Activity, Basis, Side, Term, activities

activities.register(
    Activity(
        place=200,
        key="applications",
        title="Anmeldung neuer Quartiere",
        side=Side.PLATFORM,
        purpose="Anmeldungen neuer Quartiere annehmen, Rückfragen stellen und entscheiden.",
        basis=Basis.CONTRACT,
        people=("Menschen, die ein Quartier anmelden",),
        models=("applications.application", "applications.applicationstep"),
        readers=("Projektteam",),
        terms=(
            Term(
                "Anmeldung ohne bestätigte Adresse", timedelta(days=UNCONFIRMED_DAYS),
                eraser="tenants.console.tasks.nightly",
            ),
            Term(
                "Name, Adresse und Text", KEPT_MONTHS, "nach der Entscheidung",
                eraser="tenants.console.tasks.nightly",
            ),
        ),
        says={"note": "Text zum Verlauf", "made_by": "Wer etwas getan hat"},
    )
)  # fmt: skip
