"""How the log reads what happens to dates."""

from django.utils.translation import gettext_lazy as _

from wiq.audit.words import Sentence, say

say(
    Sentence("event.cancelled", _("%(who)s hat den Termin %(what)s abgesagt.")),
    Sentence("event.taken_back", _("%(who)s lässt den Termin %(what)s doch stattfinden.")),
    Sentence(
        "event.forgotten", _("%(who)s hat Termine gelöscht, die seit einem Jahr vorbei sind.")
    ),
    Sentence("event.date_moved", _("%(who)s hat einen Tag des Termins %(what)s verschoben.")),
    Sentence("event.date_cancelled", _("%(who)s hat einen Tag des Termins %(what)s abgesagt.")),
    Sentence(
        "event.date_taken_back",
        _("%(who)s lässt einen Tag des Termins %(what)s doch wie geplant stattfinden."),
    ),
)
