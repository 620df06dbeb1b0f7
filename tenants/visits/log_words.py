"""How both logs read a visit of the project team."""

from django.utils.translation import gettext_lazy as _

from wiq.audit.words import Sentence, say

say(
    Sentence("support.opened", _("%(who)s hat einen Besuch angekündigt, für %(minutes)s Minuten: %(what)s.")),
    Sentence("support.entered", _("%(who)s ist für %(minutes)s Minuten zu Besuch gekommen.")),
    Sentence("support.read", _("%(who)s hat beim Besuch angesehen: %(what)s.")),
    Sentence("support.listed", _("%(who)s hat beim Besuch eine Liste angesehen: %(list)s.")),
    Sentence("support.page", _("%(who)s hat beim Besuch eine Seite angesehen: %(page)s.")),
    Sentence("support.ended", _("%(who)s hat den Besuch beendet.")),
)  # fmt: skip
