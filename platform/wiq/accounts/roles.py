"""Who may do what. Three roles, each a list of Django permissions with wildcards."""

from fnmatch import fnmatchcase

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wiq.tenancy import PUBLIC, connection


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
        "pages.*",
        "videos.*",
        "ideas.view_*",
        "ideas.change_idea",
        "contact.view_contactrequest",
        "contact.add_contactrequest",
        "contact.change_contactrequest",
        "following.view_subscription",
        "following.delete_subscription",
        "mail.view_message",
        "audit.view_entry",
        "accounts.*_user",
        "accounts.*_invitation",
    ),
    Role.EDITOR: (
        *(f"people.{verb}_{model}" for verb in ("view", "add", "change", "delete")
          for model in ("team", "seat", "person", "membership")),
        "solutions.*",
        "pages.*",
        "videos.*",
    ),
    Role.PROJECT_TEAM: (
        "districts.view_*",
        "districts.change_*",
        "districts.add_operator",
        "accounts.*_user",
        "accounts.*_invitation",
        "audit.view_entry",
        "provisioning.view_*",
        "applications.view_*",
        "applications.change_*",
        "kit.*",
        "console.view_*",
    ),
}  # fmt: skip


def check_role_here(role: str) -> None:
    """Raise ValidationError for a role that does not belong on the current host."""
    here = PLATFORM_ROLES if connection.schema_name == PUBLIC else DISTRICT_ROLES
    if role not in here:
        raise ValidationError(gettext("Diese Rolle gibt es hier nicht."))


def allows(role: str, permission: str) -> bool:
    """Tell whether ``role`` has ``permission``, written as Django does: ``app.verb_model``."""
    return any(fnmatchcase(permission, pattern) for pattern in _PERMISSIONS.get(role, ()))


def allows_app(role: str, app_label: str) -> bool:
    """Tell whether ``role`` has any permission on the app."""
    return any(pattern.partition(".")[0] == app_label for pattern in _PERMISSIONS.get(role, ()))
