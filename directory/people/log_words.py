"""How the log reads what happens to consents."""

from django.utils.translation import gettext_lazy as _

from wiq.audit.words import Sentence, say

say(
    Sentence("consent.withdrawn", _("%(who)s hat den Widerruf von %(what)s eingetragen.")),
)
