"""How the log reads how a district comes."""

from django.utils.translation import gettext_lazy as _

from wiq.audit.words import Sentence, say

say(
    Sentence("district.created", _("%(who)s hat %(what)s angelegt.")),
    Sentence("district.invited", _("%(who)s hat jemanden in die Koordination von %(what)s eingeladen.")),
    Sentence("coordination.looked_at", _("%(who)s hat in der Konsole angesehen, wer hier koordiniert.")),
    Sentence("order.placed", _("%(who)s hat ein Quartier bestellt: %(what)s.")),
    Sentence("order.done", _("%(who)s hat das Quartier fertig eingerichtet: %(what)s.")),
    Sentence("order.given_up", _("%(who)s konnte das Quartier nicht einrichten: %(what)s.")),
)  # fmt: skip
