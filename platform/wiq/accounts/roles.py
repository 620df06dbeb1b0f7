"""Who may do what. Three roles, each a list of Django permissions with wildcards."""

from fnmatch import fnmatchcase

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """The roles of domain.md: two in a district, one on the platform."""

    COORDINATOR = "coordinator", _("Koordination")
    EDITOR = "editor", _("Redaktion")
    PROJECT_TEAM = "project_team", _("Projektteam")


DISTRICT_ROLES = frozenset({Role.COORDINATOR, Role.EDITOR})
PLATFORM_ROLES = frozenset({Role.PROJECT_TEAM})

_PERMISSIONS: dict[str, tuple[str, ...]] = {
    Role.COORDINATOR: (
        "people.*",
        "solutions.*",
        "ideas.view_*",
        "ideas.change_idea",
        "contact.view_contactrequest",
        "contact.add_contactrequest",
        "contact.change_contactrequest",
        "mail.view_message",
        "audit.view_entry",
        "accounts.view_user",
    ),
    Role.EDITOR: (
        *(f"people.{verb}_{model}" for verb in ("view", "add", "change", "delete")
          for model in ("team", "seat", "person", "membership")),
        "solutions.*",
    ),
    Role.PROJECT_TEAM: (
        "districts.view_*",
        "districts.change_*",
        "districts.add_operator",
        "accounts.view_user",
        "audit.view_entry",
    ),
}  # fmt: skip


def allows(role: str, permission: str) -> bool:
    """Tell whether ``role`` has ``permission``, written as Django does: ``app.verb_model``."""
    return any(fnmatchcase(permission, pattern) for pattern in _PERMISSIONS.get(role, ()))


def allows_app(role: str, app_label: str) -> bool:
    """Tell whether ``role`` has any permission on the app."""
    return any(pattern.partition(".")[0] == app_label for pattern in _PERMISSIONS.get(role, ()))
