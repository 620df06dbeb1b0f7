"""How both logs read what happens to a district: its own, and the platform's."""

from django.utils.translation import gettext_lazy as _

from wiq.audit.words import Sentence, say

# In its own log a district is no target: it is what the log is about.
ITSELF = _("das Quartier")
DISTRICT = "districts.district"
say(
    Sentence("district.updated", _("%(who)s hat Angaben geändert: %(what)s, %(fields)s."), ITSELF, DISTRICT),
    Sentence("district.state", _("%(who)s hat %(what)s auf „%(to)s“ gestellt."), ITSELF, DISTRICT),
    Sentence("district.published", _("%(who)s hat %(what)s veröffentlicht."), ITSELF),
    Sentence("district.hidden", _("%(who)s hat %(what)s verborgen."), ITSELF),
    Sentence("district.preview_renewed", _("%(who)s hat den Link zur Vorschau erneuert: %(what)s."), ITSELF),
    Sentence("district.preview_seen", _("Jemand hat sich die Vorschau angesehen: %(what)s."), ITSELF),
    Sentence("domain.claimed", _("%(who)s hat die Domain %(domain)s für %(what)s angemeldet.")),
    Sentence("domain.verified", _("%(who)s hat die Domain %(domain)s für %(what)s bestätigt.")),
    Sentence("domain.primary", _("%(who)s hat %(domain)s zur Hauptadresse von %(what)s gemacht.")),
    Sentence("domain.dropped", _("%(who)s hat die Domain %(domain)s von %(what)s aufgegeben.")),
    Sentence("operator.saved", _("%(who)s hat %(what)s gespeichert."), _("die Angaben zum Träger")),
    Sentence("platformoperator.saved", _("%(who)s hat die Angaben zum Träger der Plattform gespeichert.")),
)  # fmt: skip
