"""How the log reads what happens to solution teams."""

from django.utils.translation import gettext_lazy as _

from wiq.audit.words import Sentence, say

say(
    Sentence("solutionteam.asked", _("%(who)s hat bei %(what)s nachgefragt, ob alles noch stimmt.")),
    Sentence("solutionteam.confirmed", _("%(who)s hat bestätigt, dass bei %(what)s alles stimmt.")),
    Sentence("solutionteam.topics", _("%(who)s hat die Fokusthemen von %(what)s geändert: %(topics)s.")),
)  # fmt: skip
