"""The coordination of a district as the project team sees it: who is there, who is invited."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django_tenants.utils import tenant_context

from tenants.districts.models import District
from wiq.accounts import invitations
from wiq.accounts.models import Invitation, User
from wiq.accounts.roles import Role
from wiq.actors import Actor, name_of
from wiq.audit import services as audit


@dataclass(frozen=True)
class Row:
    """An account or an open invitation."""

    email: str
    is_invited: bool
    # Of an account: the last time it signed in. Of an invitation: until when its link holds.
    at: datetime | None
    is_over: bool = False


def overview(district: District) -> list[Row]:
    """Return who coordinates a district, and who is asked to."""
    now = timezone.now()
    with tenant_context(district):
        accounts = [
            Row(user.email, False, user.last_login)
            for user in User.objects.with_role(Role.COORDINATOR).order_by("pk")
        ]
        asked = [
            Row(row.email, True, row.expires_at, row.expires_at <= now)
            for row in Invitation.objects.open().filter(role=Role.COORDINATOR)
        ]
    return accounts + asked


def invite(district: District, email: str, *, actor: Actor) -> None:
    """Invite somebody to coordinate a district: a lost first invitation never locks one.

    Raises ValidationError.
    """
    who = name_of(actor)
    with tenant_context(district):
        invitations.invite(email=email, role=Role.COORDINATOR, actor=who)
    audit.record_event("district.invited", district, actor=actor)
