"""How the log reads that a restored backup was mended."""

from django.utils.translation import gettext_lazy as _

from wiq.audit.words import Sentence, say

say(
    Sentence("subject.erased_again", _("%(who)s hat nach dem Einspielen einer Sicherung noch einmal gelöscht, was danach gelöscht worden war (%(erased)s).")),
)  # fmt: skip
