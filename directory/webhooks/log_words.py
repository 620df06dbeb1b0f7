"""How the log reads what happens to webhooks."""

from django.utils.translation import gettext_lazy as _

from wiq.audit.words import Sentence, say

say(
    Sentence("webhook.registered", _("%(who)s hat einen Webhook eingetragen: %(host)s.")),
    Sentence("webhook.removed", _("%(who)s hat einen Webhook gelöscht: %(host)s.")),
    Sentence("webhook.tried", _("%(who)s hat einen Webhook ausprobiert: %(host)s.")),
    Sentence("webhook.sent_again", _("%(who)s hat Aufrufe eines Webhooks noch einmal geschickt: %(host)s.")),
)  # fmt: skip
