"""Dates, for the record of processing activities: who is named in one is named on a page."""

from directory.events import rules
from wiq.processing import Activity, Basis, Side, Term, activities

activities.register(
    Activity(
        place=165,
        key="events",
        title="Termine im Quartier",
        side=Side.TRAEGER,
        purpose="Sagen, wann und wo sich Menschen treffen, und was sich daran geändert hat.",
        basis=Basis.INTEREST,
        people=("Menschen, die im Text eines Termins genannt sind",),
        models=(),
        readers=("alle: die Seiten sind öffentlich", "Redaktion und Koordination des Quartiers"),
        terms=(
            Term(
                "Termine, die vorbei sind", rules.MONTHS_KEPT, "nach dem letzten Tag",
                eraser="dates_forgotten",
            ),
        ),
        besides=("was der Text eines Termins über Menschen sagt",),
    )
)  # fmt: skip
