"""People who are shown, for the record of processing activities."""

from datetime import timedelta

from wiq.media.night import AGE_SECONDS
from wiq.processing import Activity, Basis, Side, Term, activities

activities.register(
    Activity(
        place=140,
        key="portraits",
        title="Menschen, Teams und Sitze auf den öffentlichen Seiten",
        side=Side.TRAEGER,
        purpose=(
            "Zeigen, wer sich im Quartier engagiert und wen man anspricht. Gezeigt wird nur, wofür"
            " eine Einwilligung verzeichnet ist: was, wann und wie sie gegeben wurde."
        ),
        basis=Basis.CONSENT,
        people=("Menschen, die mitmachen und gezeigt werden wollen",),
        models=("people.person", "people.team", "people.seat"),
        readers=("alle: die Seiten sind öffentlich", "Redaktion und Koordination des Quartiers"),
        terms=(
            Term(
                "Name, Texte und Bild", None,
                until="bis die Einwilligung widerrufen wird: sofort nicht mehr zu sehen, und die Redaktion löscht",
            ),
            Term(
                "Bilddateien, die zu niemandem mehr gehören", timedelta(seconds=AGE_SECONDS),
                eraser="files_of_nobody",
            ),
        ),
        says={"slug": "Kurzname in der Adresse der Seite", "sector": "Welt, aus der jemand kommt"},
    )
)  # fmt: skip
