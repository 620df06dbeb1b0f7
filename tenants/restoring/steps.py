"""How far a restore is, in words: for whoever watches a command, and for the console's page."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Step(TextChoices):
    """What has just been done, or begins: as a command says it, and as the page does."""

    UNPACKING = "the backup is unpacked", _("die Sicherung wird ausgepackt")
    RECOVERED = "the base backup is recovered", _("die Sicherung läuft als eigene Datenbank")
    READ = "the backup is read", _("die Sicherung ist gelesen")
    OLDER = (
        "the backup is of an older version; it is brought to this one",
        _("die Sicherung ist von einer älteren Version und wird angepasst"),
    )
    COPIED = "the rows are copied", _("die Daten sind kopiert und werden verglichen")
    ERASED = (
        "what was erased since is erased again",
        _("was seither gelöscht wurde, ist wieder gelöscht"),
    )
