"""How the log reads what happens to a district's sender."""

from django.utils.translation import gettext_lazy as _

from wiq.audit.words import Sentence, say

say(
    Sentence("sender.chosen", _("%(who)s hat eine Absenderadresse bei %(domain)s gewählt.")),
    Sentence("sender.dropped", _("%(who)s lässt E-Mails wieder unter der Adresse der Plattform hinausgehen.")),
    Sentence("sender.proven", _("E-Mails gehen jetzt unter der eigenen Adresse bei %(domain)s hinaus.")),
    Sentence("sender.left", _("E-Mails gehen wieder unter der Adresse der Plattform hinaus: Mit %(domain)s stimmt etwas nicht.")),
)  # fmt: skip
