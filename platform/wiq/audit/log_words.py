"""How the log reads what happens to every kind of object, and what the ground does itself."""

from django.utils.translation import gettext_lazy as _

from wiq.audit.services import COORDINATION, MAIL_LINK, SYSTEM
from wiq.audit.words import Nobody, Sentence, call, say

say(
    Sentence("*.created", _("%(who)s hat %(what)s angelegt.")),
    Sentence("*.updated", _("%(who)s hat %(what)s geändert.")),
    Sentence("*.deleted", _("%(who)s hat %(what)s gelöscht.")),
    # Of submissions (wiq.submissions), and of whatever has states.
    Sentence("*.accepted", _("%(what)s ist eingegangen.")),
    Sentence("*.state", _("%(who)s hat %(what)s von „%(from)s“ auf „%(to)s“ gestellt.")),
    Sentence("*.read", _("%(who)s hat %(what)s gelesen.")),
    Sentence("*.reply", _("%(who)s hat zu %(what)s geantwortet.")),
    Sentence("*.anonymised", _("%(who)s hat die persönlichen Angaben in %(what)s gelöscht.")),
    Sentence("request.refused", _("%(who)s wollte etwas, das dieses Konto nicht darf: %(path)s")),
)
call(
    Nobody(SYSTEM, _("Die Plattform")),
    Nobody(MAIL_LINK, _("Jemand mit dem Link aus einer E-Mail")),
    Nobody(COORDINATION, _("Die Koordination")),
    Nobody("visitor", _("Jemand")),
    Nobody("former", _("Jemand mit einem Konto")),
    Nobody("resident", _("Die Person selbst")),
    Nobody("applicant", _("Die Person selbst")),
    Nobody("command", _("Der Betrieb der Plattform")),
    Nobody("migration", _("Die Plattform")),
    Nobody("import", _("Die Plattform")),
    Nobody("demo", _("Die Plattform")),
)
