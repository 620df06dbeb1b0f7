"""How the log reads what happens to ideas."""

from django.utils.translation import gettext_lazy as _

from wiq.audit.words import Sentence, say

say(
    Sentence("idea.from_request", _("%(who)s hat aus einer Anfrage eine Idee gemacht: %(what)s.")),
    Sentence("idea.recorded", _("%(who)s hat eine Idee aus einem Gespräch aufgenommen: %(what)s.")),
    Sentence("idea.message", _("%(who)s hat der Person geschrieben, von der %(what)s kommt.")),
)
