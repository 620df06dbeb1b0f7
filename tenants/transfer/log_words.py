"""How both logs read that a district left as a file, or came from one."""

from django.utils.translation import gettext_lazy as _

from tenants.districts.log_words import ITSELF
from wiq.audit.words import Sentence, say

say(
    Sentence("district.exported", _("%(who)s hat %(what)s als Datei heruntergeladen. Mit persönlichen Angaben: %(personal_data)s."), ITSELF),
    Sentence("district.imported", _("%(who)s hat %(what)s aus einer Datei eingespielt."), ITSELF),
)  # fmt: skip
