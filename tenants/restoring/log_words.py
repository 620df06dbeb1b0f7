"""How the log reads that a district was restored."""

from django.utils.translation import gettext_lazy as _

from wiq.audit.words import Sentence, say

say(
    Sentence("district.restored", _("%(who)s hat %(what)s aus einer Sicherung wiederhergestellt (%(from)s).")),
    Sentence("district.restore_ordered", _("%(who)s lässt für %(what)s eine Sicherung vergleichen (%(from)s).")),
    Sentence("district.restore_discarded", _("%(who)s hat die Wiederherstellung von %(what)s verworfen (%(from)s).")),
    Sentence("district.restore_undone", _("%(who)s hat die Wiederherstellung von %(what)s zurückgenommen (%(from)s).")),
)  # fmt: skip
