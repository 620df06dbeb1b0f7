"""How the log reads what happens to the folder for the data protection officer."""

from django.utils.translation import gettext_lazy as _

from wiq.audit.words import Sentence, say

say(
    Sentence(
        "folder.signed",
        _("%(who)s hat eine Unterschrift eingetragen: %(document)s, Fassung %(number)s."),
    ),
)
