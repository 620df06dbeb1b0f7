"""Support visits: the project team enters a district for a while, with a recorded reason."""

import secrets
from datetime import timedelta
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context

from tenants.districts.models import District
from wiq.accounts.models import User
from wiq.accounts.roles import Role
from wiq.accounts.services import remove_account
from wiq.actors import Actor, name_of
from wiq.audit import services as audit
from wiq.signing.links import SignedLink, UsedUp
from wiq.submissions.rules import check_line

MINUTES = (30, 60, 240)
# The person who asks for the link uses it at once.
LINK_MINUTES = 2


class Handover(NamedTuple):
    """The visitor's account, and the one-time token."""

    visitor: int
    word: str


LINK = SignedLink(
    purpose="accounts.handover",
    holds=Handover,
    days=1,
    route="handover",
    used_up=UsedUp.WORD,
    language="de",
)


@transaction.atomic
def open_visit(district: District, *, reason: str, minutes: int, actor: Actor) -> str:
    """Create an account for a visit in a district; return the one-time link that starts it.

    Both logs record who, why and for how long. Raises ValidationError without a reason.
    """
    reason = check_line(reason, 200)
    if not reason:
        raise ValidationError(_("Bitte nennen Sie den Grund: Die Koordination liest ihn."))
    if minutes not in MINUTES:
        raise ValidationError(_("So lange geht das nicht."))
    who = name_of(actor)
    details = {"reason": reason, "minutes": minutes}
    with tenant_context(district):
        visitor = User(
            email=f"besuch-{secrets.token_hex(8)}@projektteam.invalid",
            name=(_("Projektteam (%s)") % who)[:120],
            role=Role.COORDINATOR,
            expires_at=timezone.now() + timedelta(minutes=minutes),
            handover=secrets.token_hex(16),
            reason=reason,
        )
        visitor.set_unusable_password()
        visitor.save()
        audit.record_event("support.opened", visitor, actor=who, details=details)
        link = LINK.url(Handover(visitor.pk, visitor.handover))
    audit.record_event("support.opened", district, actor=actor, details=details)
    return link


@transaction.atomic
def begin(word: str) -> User:
    """Use up a one-time link and return its account.

    Raises ValidationError for a link that is used, old, forged or from another district.
    """
    ended = ValidationError(_("Dieser Link gilt nicht mehr."))
    held = LINK.held_or_none(word)
    if held is None:
        raise ended
    visitor = User.objects.select_for_update().filter(pk=held.visitor).exclude(handover="").first()
    limit = timezone.now() - timedelta(minutes=LINK_MINUTES)
    if visitor is None or visitor.handover != held.word or visitor.created_at < limit:
        raise ended
    visitor.handover = ""
    visitor.save(update_fields=["handover"])
    audit.record_event("support.entered", visitor, actor=visitor.name)
    return visitor


def end_all_over() -> int:
    """Delete the accounts of finished visits in the current district."""
    over = User.objects.filter(expires_at__lte=timezone.now())
    for visitor in over:
        remove_account(visitor, actor=audit.SYSTEM)
    return len(over)
