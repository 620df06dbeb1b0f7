"""How the log reads what people do with mails that did not arrive."""

from django.utils.translation import gettext_lazy as _

from wiq.audit.words import Sentence, say

say(
    Sentence("message.sent_again", _("%(who)s hat eine E-Mail noch einmal gesendet.")),
    Sentence("message.readdressed", _("%(who)s hat die Adresse einer E-Mail berichtigt und sie noch einmal gesendet.")),
    Sentence("refusedaddress.marked", _("An eine Adresse kam mehrmals nichts an. Sie wird nicht mehr angeschrieben.")),
    Sentence("refusedaddress.complained", _("Jemand hat eine E-Mail als Spam gemeldet und bekommt keine Neuigkeiten mehr.")),
    Sentence("refusedaddress.lifted", _("%(who)s lässt eine Adresse wieder anschreiben.")),
)  # fmt: skip
