"""How the log reads who looks after an alarm."""

from django.utils.translation import gettext_lazy as _

from wiq.audit.words import Sentence, say

say(
    Sentence("figures.exported", _("%(who)s hat die Zahlen als Tabelle geholt.")),
    Sentence("alarm.taken", _("%(who)s kümmert sich um %(what)s.")),
    Sentence("alarm.given_back", _("%(who)s hat %(what)s freigegeben.")),
    Sentence("alarm.put_off", _("%(who)s hat %(what)s bis %(until)s zurückgestellt.")),
)
