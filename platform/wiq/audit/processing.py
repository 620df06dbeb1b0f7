"""The log of who did what, for the record of processing activities."""

from wiq.audit.models import NAMES_KEPT_MONTHS
from wiq.processing import Activity, Basis, Side, Term, activities

activities.register(
    Activity(
        place=310,
        key="log",
        title="Protokoll: wer wann was geändert oder gelesen hat",
        side=Side.BOTH,
        purpose=(
            "Nachweisen, wer etwas geändert, gelöscht, weitergegeben oder gelesen hat (Art. 5"
            " Abs. 2 DSGVO). Das Protokoll nennt Dinge mit ihrer Nummer, nicht mit ihrem Inhalt."
        ),
        basis=Basis.SECURITY,
        people=("Menschen, die in Koordination, Redaktion oder Projektteam mitarbeiten",),
        models=("audit.entry",),
        readers=("Koordination des Quartiers", "Projektteam: nur das Protokoll der Plattform"),
        terms=(
            Term(
                "Namen im Protokoll", NAMES_KEPT_MONTHS, "nach dem Eintrag",
                eraser="tenants.console.tasks.nightly",
            ),
            Term("Einträge ohne Namen", None, until="so lange wie das Quartier"),
        ),
        says={"actor": "Wer etwas getan hat"},
    )
)  # fmt: skip
