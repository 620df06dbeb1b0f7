"""How the log reads what happens to subscriptions."""

from django.utils.translation import gettext_lazy as _

from wiq.audit.words import Sentence, say

say(
    Sentence(
        "subscription.asked", _("%(who)s hat %(what)s begonnen. Es ist noch nicht bestätigt.")
    ),
    Sentence("subscription.confirmed", _("%(who)s hat %(what)s bestätigt.")),
    Sentence("subscription.ended", _("%(who)s hat %(what)s beendet.")),
)
