"""How the log reads what happens to requests and mailboxes."""

from django.utils.translation import gettext_lazy as _

from wiq.audit.words import Sentence, say

say(
    Sentence("contactrequest.recorded", _("%(who)s hat ein Gespräch aufgenommen: %(what)s.")),
    Sentence("contactrequest.from_idea", _("%(who)s hat aus einer Idee eine Anfrage gemacht: %(what)s.")),
    Sentence("contactrequest.change_reported", _("%(who)s hat eine Änderung gemeldet: %(what)s.")),
    Sentence("contactrequest.forwarded", _("%(who)s hat %(what)s an ein anderes Team weitergegeben.")),
    Sentence("contactrequest.referral_asked", _("%(who)s hat gefragt, ob %(what)s an ein anderes Quartier gehen darf.")),
    Sentence("contactrequest.referral_agreed", _("%(who)s hat zugestimmt, dass %(what)s an ein anderes Quartier geht.")),
    Sentence("contactrequest.referral_declined", _("%(who)s möchte nicht, dass %(what)s an ein anderes Quartier geht.")),
    Sentence("contactrequest.mailed_again", _("%(who)s hat die E-Mails zu %(what)s noch einmal gesendet.")),
    Sentence("contactrequest.code_sent", _("Für %(what)s ging ein Code an das Postfach des Teams.")),
    Sentence("mailbox.asked", _("%(who)s hat eine Test-E-Mail an ein Postfach geschickt.")),
    Sentence("mailbox.proven", _("%(who)s hat bestätigt, dass ein Postfach gelesen wird.")),
)  # fmt: skip
