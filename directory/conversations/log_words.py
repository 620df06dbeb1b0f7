"""How the log reads what happens in conversations."""

from django.utils.translation import gettext_lazy as _

from wiq.audit.words import Sentence, say

say(
    Sentence("conversation.answered", _("%(who)s hat auf %(what)s geantwortet.")),
    Sentence("conversation.noted", _("%(who)s hat zu %(what)s etwas notiert.")),
    Sentence("conversation.called", _("%(who)s hat zu %(what)s ein Gespräch notiert.")),
    Sentence("conversation.assigned", _("%(who)s hat festgelegt, wer sich um %(what)s kümmert.")),
    Sentence("conversation.sent_on", _("%(who)s hat wegen %(what)s an eine Behörde geschrieben.")),
    Sentence("conversation.authority_answered", _("Zu %(what)s kam eine Antwort der Behörde.")),
    Sentence("*.helped", _("%(who)s hat gesagt, ob die Antwort auf %(what)s geholfen hat.")),
    Sentence("absence.noted", _("%(who)s hat eingetragen, dass %(what)s nicht da ist.")),
    Sentence("absence.over", _("%(who)s hat eingetragen, dass %(what)s wieder da ist.")),
    Sentence("conversation.joined", _("%(who)s hat %(what)s mit einer anderen Anfrage verbunden.")),
    Sentence("conversation.mail_held", _("Eine E-Mail zu %(what)s wurde zurückgehalten.")),
    Sentence("conversation.mail_let_in", _("%(who)s hat eine zurückgehaltene E-Mail zu %(what)s übernommen.")),
    Sentence("conversation.mail_sent_on", _("%(who)s hat eine zurückgehaltene E-Mail zu %(what)s als Antwort gesendet.")),
    Sentence("conversation.mail_dropped", _("%(who)s hat eine zurückgehaltene E-Mail zu %(what)s weggelegt.")),
    Sentence("conversation.code_sent", _("Jemand hat sich einen Code schicken lassen, um %(what)s zu lesen.")),
    Sentence("conversation.address_proven", _("Jemand hat mit dem Code gezeigt, dass die Adresse zu %(what)s stimmt.")),
    Sentence("conversation.address_confirmed", _("%(who)s hat die berichtigte Adresse zu %(what)s bestätigt.")),
)  # fmt: skip
