"""The three roles. Each room declares what a role may do there."""

from fnmatch import fnmatchcase

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wiq.rooms import rooms
from wiq.tenancy import PUBLIC, connection


class Role(models.TextChoices):
    """Two roles in a district, one on the platform."""

    COORDINATOR = "coordinator", _("Koordination")
    EDITOR = "editor", _("Redaktion")
    PROJECT_TEAM = "project_team", _("Projektteam")


# Where people of a role work, in a sentence: "… in der Koordination mitzuarbeiten".
WORKS = {
    Role.COORDINATOR: _("in der Koordination"),
    Role.EDITOR: _("in der Redaktion"),
    Role.PROJECT_TEAM: _("im Projektteam"),
}
DISTRICT_ROLES = frozenset({Role.COORDINATOR, Role.EDITOR})
PLATFORM_ROLES = frozenset({Role.PROJECT_TEAM})


def check_role_here(role: str) -> None:
    """Raise ValidationError for a role that the current host does not have."""
    here = PLATFORM_ROLES if connection.schema_name == PUBLIC else DISTRICT_ROLES
    if role not in here:
        raise ValidationError(gettext("Diese Rolle gibt es hier nicht."))


def allows(role: str, permission: str) -> bool:
    """Tell whether ``role`` has ``permission``, written as Django does: ``app.verb_model``."""
    label, _dot, codename = permission.partition(".")
    return any(fnmatchcase(codename, pattern) for pattern in _patterns(role, label))


def withheld_from_visits(permission: str) -> bool:
    """Tell whether a support visit lacks a permission, whatever its role."""
    label, _dot, codename = permission.partition(".")
    return any(
        fnmatchcase(codename, pattern)
        for room in rooms()
        if room.label == label
        for pattern in room.not_in_visits
    )


def allows_app(role: str, app_label: str) -> bool:
    """Tell whether ``role`` has any permission on the app."""
    return bool(_patterns(role, app_label))


def _patterns(role: str, app_label: str) -> tuple[str, ...]:
    """Return the permissions that a room gives to a role. Other people's apps give none."""
    for room in rooms():
        if room.label == app_label:
            return room.roles.get(role, ())
    return ()
