"""How the log reads what is handed out, as a table or for a resident, and what is erased."""

from django.utils.translation import gettext_lazy as _

from wiq.audit.words import Sentence, say

say(
    Sentence("subject.access", _("%(who)s hat herausgegeben, was zu einer E-Mail-Adresse gespeichert ist (%(total)s Einträge).")),
    Sentence("inbox.exported", _("%(who)s hat den Posteingang als Tabelle geholt (%(count)s Zeilen).")),
    Sentence("subject.erased", _("%(who)s hat gelöscht, was zu einer E-Mail-Adresse gespeichert war (%(total)s Einträge).")),
)  # fmt: skip
