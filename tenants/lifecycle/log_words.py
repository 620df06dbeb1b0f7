"""How the log reads the end of a district."""

from django.utils.translation import gettext_lazy as _

from wiq.audit.words import Sentence, say

say(
    Sentence("district.removal_announced", _("%(who)s hat angekündigt, %(what)s zu entfernen.")),
    Sentence("district.removal_called_off", _("%(who)s will %(what)s doch nicht entfernen.")),
    Sentence("district.removed", _("%(who)s hat ein Quartier entfernt: %(what)s.")),
)
