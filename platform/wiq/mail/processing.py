"""Mails that were written and addresses that took none, for the record of processing activities."""

from wiq.mail.refused import COUNTED, MARKED
from wiq.mail.services import KEPT
from wiq.processing import Activity, Basis, Side, Term, activities

activities.register(
    Activity(
        place=290,
        key="mails",
        title="E-Mails der Plattform",
        side=Side.BOTH,
        purpose=(
            "E-Mails zustellen, die zu einer Anfrage, einer Idee, einer Bestellung oder einem Konto"
            " gehören, und merken, welche Adresse keine annimmt."
        ),
        basis=Basis.INTEREST,
        people=(
            "Menschen aus dem Quartier, die schreiben oder bestellen",
            "Menschen, die in Koordination, Redaktion oder Projektteam mitarbeiten",
        ),
        models=("mail.message", "mail.refusedaddress"),
        readers=("Koordination des Quartiers", "das Unternehmen, das E-Mails verschickt (Anlage 3 des Vertrags)"),
        terms=(
            Term(
                "E-Mails zu einer Anfrage oder Idee", None,
                until="werden mit ihr gelöscht",
            ),
            Term("E-Mails an Konten", KEPT, "nach dem Schreiben", eraser="account_mails_forgotten"),
            Term(
                "Adresse mit einzelnen Fehlern", COUNTED, "nach dem letzten Fehler",
                eraser="refused_addresses_forgotten",
            ),
            Term(
                "Adresse, die keine E-Mails annimmt", MARKED, "nach dem letzten Versuch",
                eraser="refused_addresses_forgotten",
            ),
            Term(
                "Adresse, die unsere E-Mail als Spam gemeldet hat", None,
                until="bleibt, damit sie nie wieder Neuigkeiten bekommt, bis die Person es anders will",
            ),
        ),
        says={
            "to": "Empfängeradresse", "reply_to": "Antwortadresse", "text": "Text der E-Mail",
            "html": "Text der E-Mail", "unsubscribe_url": "Link zum Abbestellen",
        },
    )
)  # fmt: skip
