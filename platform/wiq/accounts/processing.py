"""Accounts and signing in, for the record of processing activities."""

from wiq.accounts.browsers import DAYS
from wiq.accounts.dormancy import TERM
from wiq.accounts.models import INVITATION_VALID
from wiq.accounts.sessions import IDLE
from wiq.processing import Activity, Basis, Side, Term, activities

activities.register(
    Activity(
        place=300,
        key="accounts",
        title="Konten und Anmeldung der Mitarbeitenden",
        side=Side.BOTH,
        purpose=(
            "Menschen aus Koordination, Redaktion und Projektteam melden sich an und arbeiten mit"
            " den Rechten ihrer Rolle. Der zweite Schritt beim Anmelden schützt die Daten der"
            " anderen."
        ),
        basis=Basis.INTEREST,
        people=("Menschen, die in Koordination, Redaktion oder Projektteam mitarbeiten",),
        models=(
            *("accounts.user", "accounts.invitation", "accounts.apitoken", "accounts.session"),
            "account.emailaddress",
        ),
        readers=("Koordination des Quartiers (ihre eigenen Konten)", "die Person selbst"),
        terms=(
            Term("Sitzung", IDLE, "nach dem letzten Besuch", eraser="sessions_forgotten"),
            Term("Konto ohne Besuch, bis es geschlossen wird", TERM, eraser="accounts_asleep"),
            Term("Konto", None, until="bis die Koordination oder die Person selbst es löscht"),
            Term(
                "Einladung", None,
                until=f"gilt {INVITATION_VALID.days} Tage, bleibt mit dem Konto verzeichnet",
            ),
        ),
        says={
            "browser": "Browser, mit dem jemand angemeldet ist",
            "email": "E-Mail-Adresse",
        },
        besides=(
            "Kennwort (nur als Hash) und Schlüssel des zweiten Schritts (verschlüsselt)",
            f"Cookies beim Anmelden; eines erkennt den Browser {DAYS} Tage lang wieder",
        ),
    )
)  # fmt: skip
