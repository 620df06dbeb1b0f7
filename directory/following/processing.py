"""News by mail, for the record of processing activities."""

from datetime import timedelta

from directory.following.models import UNCONFIRMED_DAYS
from directory.following.services import KEPT_AFTER_SENDING
from wiq.processing import Activity, Basis, Side, Term, activities

activities.register(
    Activity(
        place=130,
        key="news",
        title="Neuigkeiten per E-Mail",
        side=Side.TRAEGER,
        purpose="Neuigkeiten der Lösungsteams an die schicken, die sie bestellt haben.",
        basis=Basis.CONSENT,
        people=("Menschen, die Neuigkeiten bestellen",),
        models=("following.subscription",),
        readers=("Koordination des Quartiers",),
        terms=(
            Term(
                "Adresse, die niemand bestätigt", timedelta(days=UNCONFIRMED_DAYS),
                "nach unserer letzten Frage", eraser="subscriptions_forgotten",
            ),
            Term(
                "verschickte Neuigkeiten", KEPT_AFTER_SENDING, "nach dem Versand",
                eraser="subscription_mails_forgotten",
            ),
            Term("bestätigte Adresse", None, until="bis zum Abbestellen"),
        ),
    )
)  # fmt: skip
