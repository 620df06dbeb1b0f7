"""How a district's log reads that it came from another installation."""

from django.utils.translation import gettext_lazy as _

from tenants.districts.log_words import DISTRICT, ITSELF
from wiq.audit.words import Nobody, Sentence, call, say

say(
    Sentence("district.moved_in", _("%(who)s hat %(what)s von einem anderen Server übernommen."), ITSELF),
    Sentence("district.moved_out", _("%(who)s hat %(what)s auf einen anderen Server umgezogen: %(target)s."), ITSELF, DISTRICT),
    Sentence("move.stage", _("%(who)s hat den Umzug %(what)s (%(other)s) auf „%(to)s“ gestellt."), model="moving.move"),
)  # fmt: skip
call(Nobody("move", _("Der Umzug")))
