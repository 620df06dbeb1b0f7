"""A district's coordination as the project team sees it: accounts and invitations."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context

from tenants.districts.models import District
from wiq.accounts import invitations
from wiq.accounts.models import Invitation, User
from wiq.accounts.roles import Role
from wiq.actors import Actor, name_of
from wiq.audit import services as audit
from wiq.audit.models import Entry
from wiq.mail_addresses import is_at

AGAIN_AFTER = timedelta(minutes=5)


@dataclass(frozen=True)
class Row:
    """An account or an open invitation."""

    email: str
    is_invited: bool
    # For an account, its last sign-in; for an invitation, the end of its link.
    at: datetime | None
    is_over: bool = False


def overview(district: District, *, reader: Actor) -> list[Row]:
    """Return a district's coordinators and the open invitations; none where nobody can look.

    They are people of the district: its own log says who of the project team looked, once a day.
    """
    if district.is_behind:
        return []
    now = timezone.now()
    with tenant_context(district):
        _note_look(name_of(reader))
        accounts = [
            Row(user.email, False, user.last_login)
            for user in User.objects.with_role(Role.COORDINATOR).order_by("pk")
        ]
        asked = [
            Row(row.email, True, row.expires_at, row.expires_at <= now)
            for row in Invitation.objects.open().filter(role=Role.COORDINATOR)
        ]
    return accounts + asked


def _note_look(reader: str) -> None:
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    today = Entry.objects.filter(action="coordination.looked_at", actor=reader, at__gte=midnight)
    if not today.exists():
        audit.record_event("coordination.looked_at", None, actor=reader)


def invite(district: District, email: str, *, actor: Actor) -> None:
    """Invite a coordinator, so that a lost first invitation locks nobody out of a district.

    Raises ValidationError.
    """
    district.check_up_to_date()
    who = name_of(actor)
    with tenant_context(district):
        invitations.invite(email=email, role=Role.COORDINATOR, actor=who)
    audit.record_event("district.invited", district, actor=actor)


class Entrance(Enum):
    """How a person comes in at a district's desk."""

    ACCOUNT = "account"
    INVITED = "invited"
    NONE = "none"


def entrance_of(district: District, email: str) -> Entrance:
    """Return how the owner of an address comes in: by an account, an invitation or not at all."""
    if not email:
        return Entrance.NONE
    with tenant_context(district):
        if User.objects.lasting().filter(is_at("email", email), is_active=True).exists():
            return Entrance.ACCOUNT
        if Invitation.objects.open().filter(is_at("email", email)).exists():
            return Entrance.INVITED
    return Entrance.NONE


def invite_again(district: District, email: str, *, actor: str) -> None:
    """Mail somebody's open invitation again; links of older mails stop working.

    Raises ValidationError if there is none, and if the last mail is only minutes old.
    """
    with tenant_context(district):
        invitation = Invitation.objects.open().filter(is_at("email", email)).first()
        if invitation is None:
            raise ValidationError(_("Diese Einladung ist schon angenommen oder zurückgenommen."))
        if timezone.now() - invitation.mailed_at < AGAIN_AFTER:
            raise ValidationError(
                _("Die letzte E-Mail ist erst wenige Minuten alt. Bitte warten Sie noch etwas.")
            )
        invitations.resend(invitation, actor=actor)
