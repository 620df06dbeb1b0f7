"""What the help of the desk says about these pages."""

from django.utils.translation import gettext_lazy as _

from wiq.admin.helping import Help, helps

helps.register(
    Help(
        key="kontaktanfragen",
        title=_("Kontaktanfragen"),
        about=_("Hier stehen alle Anfragen als Liste, mit dem Stand jeder E-Mail. Zum Antworten ist der Posteingang bequemer."),
        how=_("Suchen Sie nach Name oder Nummer und öffnen Sie die Zeile. Kam eine E-Mail nicht an, drücken Sie auf die Adresse und berichtigen Sie sie."),
        pages=("contact_contactrequest",),
        place=200,
        permission="contact.view_contactrequest",
    )
)  # fmt: skip
