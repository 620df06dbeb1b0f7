"""A district's coordination as the project team sees it: accounts and invitations."""

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
    # For an account, its last sign-in; for an invitation, the end of its link.
    at: datetime | None
    is_over: bool = False


def overview(district: District) -> list[Row]:
    """Return a district's coordinators and the open invitations."""
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
    """Invite a coordinator, so that a lost first invitation locks nobody out of a district.

    Raises ValidationError.
    """
    who = name_of(actor)
    with tenant_context(district):
        invitations.invite(email=email, role=Role.COORDINATOR, actor=who)
    audit.record_event("district.invited", district, actor=actor)
