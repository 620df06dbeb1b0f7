"""The states of a district, and how far it is on its way between installations."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """The states of a district, from draft to archive."""

    DRAFT = "draft", _("Entwurf")
    PUBLISHED = "published", _("veröffentlicht")
    HIDDEN = "hidden", _("verborgen")
    SUSPENDED = "suspended", _("gesperrt")
    ARCHIVED = "archived", _("archiviert")
    DELETED = "deleted", _("gelöscht")


class Moving(models.TextChoices):
    """How far a district is on its way to or from another installation (tenants.moving)."""

    NO = "", _("bleibt")
    # Its mails and nightly work rest. Visitors notice nothing.
    RESTING = "resting", _("bereitet den Umzug vor")
    # Nothing can be written in it, and whoever sends something waits for a moment.
    HELD = "held", _("zieht gerade um")
    # It came from another one, which still answers for it. Nobody reaches it here.
    ARRIVING = "arriving", _("kommt gerade an")


# The states that the project team can choose; removal works differently.
MOVABLE = [
    (state.value, state.label) for state in State if state not in (State.DRAFT, State.DELETED)
]
