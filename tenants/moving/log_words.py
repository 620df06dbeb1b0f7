"""How a district's log reads that it came from another installation."""

from django.utils.translation import gettext_lazy as _

from tenants.districts.log_words import ITSELF
from wiq.audit.words import Sentence, say

say(
    Sentence("district.moved_in", _("%(who)s hat %(what)s von einem anderen Server übernommen."), ITSELF),
)  # fmt: skip
