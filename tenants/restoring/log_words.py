"""How the log reads that a district was restored."""

from django.utils.translation import gettext_lazy as _

from wiq.audit.words import Sentence, say

say(
    Sentence("district.restored", _("%(who)s hat %(what)s aus einer Sicherung wiederhergestellt (%(from)s).")),
    Sentence("district.restore_undone", _("%(who)s hat die Wiederherstellung von %(what)s zurückgenommen (%(from)s).")),
)  # fmt: skip
