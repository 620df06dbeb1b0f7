"""Contact requests, for the record of processing activities."""

from wiq.processing import Activity, Basis, Side, Term, activities
from wiq.submissions.terms import months_of

activities.register(
    Activity(
        place=100,
        key="requests",
        title="Kontaktanfragen aus dem Quartier",
        side=Side.TRAEGER,
        purpose=(
            "Nachrichten von Menschen aus dem Quartier annehmen, beantworten und, wenn die Person"
            " zustimmt, an ein anderes Quartier weitergeben."
        ),
        basis=Basis.INTEREST,
        people=("Menschen aus dem Quartier, die schreiben oder anrufen",),
        models=(
            *("contact.contactrequest", "contact.contactstep", "contact.mailboxproof"),
            "contact.referral",
        ),
        readers=(
            "das angeschriebene Team, sonst das Unterstützungsteam",
            "Koordination des Quartiers",
            "Koordination eines anderen Quartiers: nur nach Zustimmung der Person",
            "ein Programm des Teams, wo die Koordination eines einträgt: Nummer, Art und Zeit allein",
        ),
        terms=(
            Term(
                "Name, Adresse, Telefonnummer und Text", months_of, "nachdem die Anfrage erledigt ist",
                eraser="requests_forgotten",
            ),
        ),
        says={
            "note": "Notiz zum Verlauf", "made_by": "Wer etwas getan hat",
            "taken_by": "Wer sich kümmert",
        },
        besides=(
            "IP-Adresse: eine Minute im Arbeitsspeicher, um Missbrauch zu bremsen, nie gespeichert",
        ),
    )
)  # fmt: skip
