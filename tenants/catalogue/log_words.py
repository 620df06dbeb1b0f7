"""How the log reads what is copied from another district."""

from django.utils.translation import gettext_lazy as _

from wiq.audit.words import Sentence, say

say(
    Sentence(
        "solutionteam.copied", _("%(who)s hat %(what)s aus einem anderen Quartier übernommen.")
    ),
)
