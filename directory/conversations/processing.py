"""What is said about requests and ideas, for the record of processing activities."""

from directory.conversations.holding import KEPT
from wiq.processing import Activity, Basis, Side, Term, activities
from wiq.submissions.terms import months_of

activities.register(
    Activity(
        place=120,
        key="conversations",
        title="Verläufe: Antworten, Notizen, Anrufe und Anhänge",
        side=Side.TRAEGER,
        purpose=(
            "Zu einer Anfrage oder Idee steht der Reihe nach, was gesagt und getan wurde, damit"
            " mehrere Menschen sie gemeinsam bearbeiten können."
        ),
        basis=Basis.INTEREST,
        people=(
            "Menschen aus dem Quartier, die schreiben oder anrufen",
            "Menschen, die antworten",
        ),
        models=(
            *("conversations.conversation", "conversations.conversationentry"),
            *("conversations.draft", "conversations.heldmail", "conversations.attachment"),
        ),
        readers=("das Team, das zuständig ist", "Koordination des Quartiers"),
        terms=(
            Term(
                "Verlauf mit Anhängen", months_of, "nach dem Abschluss, mit der Anfrage oder Idee",
                eraser="requests_forgotten",
            ),
            Term("E-Mails, deren Absender unsicher ist", KEPT, eraser="held_mails_forgotten"),
        ),
        says={
            "content": "Inhalt der angehängten Datei", "name": "Name der Person oder der Datei",
            "sender": "Absenderadresse", "quoted": "Zitierter Text", "text": "Text",
            "made_by": "Wer etwas getan hat", "reply_token": "Teil der Adresse für Antworten",
        },
    )
)  # fmt: skip
