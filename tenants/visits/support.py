"""Support visits: the project team enters a district for a while, with a recorded reason."""

import secrets
from datetime import timedelta
from typing import NamedTuple

from django.core.cache import cache
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
    """The random word under which an opened visit waits for a short time."""

    word: str


class Opened(NamedTuple):
    """A visit that somebody opened and nobody has entered yet."""

    who: str
    reason: str
    minutes: int


LINK = SignedLink(
    purpose="visits.handover",
    holds=Handover,
    days=1,
    route="handover",
    used_up=UsedUp.WORD,
    language="de",
)


@transaction.atomic
def open_visit(district: District, *, reason: str, minutes: int, actor: Actor) -> str:
    """Open a visit in a district; return the one-time link that starts it.

    Until somebody enters, nothing in the district changes: the visit waits in the cache. The
    platform's log records who, why and for how long. Raises ValidationError without a reason.
    """
    district.check_up_to_date()
    reason = check_line(reason, 200)
    if not reason:
        raise ValidationError(_("Bitte nennen Sie den Grund: Die Koordination liest ihn."))
    if minutes not in MINUTES:
        raise ValidationError(_("So lange geht das nicht."))
    held = Handover(secrets.token_hex(16))
    with tenant_context(district):
        opened = Opened(name_of(actor), reason, minutes)
        cache.set(_key(held), list(opened), LINK_MINUTES * 60)
        link = LINK.url(held)
    details = {"reason": reason, "minutes": minutes}
    audit.record_event("support.opened", district, actor=actor, details=details)
    return link


def _key(held: Handover) -> str:
    return f"visits.opened.{held.word}"


def _taken(held: Handover) -> Opened | None:
    """Take an opened visit out of the cache. Of two who try, the deletion succeeds for one."""
    values = cache.get(_key(held))
    return Opened(*values) if values is not None and cache.delete(_key(held)) else None


@transaction.atomic
def begin(word: str) -> User:
    """Use up a one-time link and return the account made for the visit.

    The district's log records who, why and for how long. Raises ValidationError for a link that is
    used, old, forged or from another district.
    """
    held = LINK.held_or_none(word)
    opened = _taken(held) if held is not None else None
    if opened is None:
        raise ValidationError(_("Dieser Link gilt nicht mehr."))
    visitor = User(
        email=f"besuch-{secrets.token_hex(8)}@projektteam.invalid",
        name=_called(opened.who),
        role=Role.COORDINATOR,
        expires_at=timezone.now() + timedelta(minutes=opened.minutes),
        reason=opened.reason,
    )
    visitor.set_unusable_password()
    visitor.save()
    details = {"reason": opened.reason, "minutes": opened.minutes}
    audit.record_event("support.entered", visitor, actor=visitor.name, details=details)
    return visitor


def _called(who: str) -> str:
    """Return what the account of somebody's visit is called."""
    return f"Projektteam ({who})"[:120]


def ongoing(district: District, actor: Actor) -> User | None:
    """Return the visit in which somebody of the project team is in a district now."""
    with tenant_context(district):
        return User.objects.visiting().filter(name=_called(name_of(actor))).first()


@transaction.atomic
def end(*, actor: Actor) -> int:
    """End all visits in the current district before their time; return how many there were."""
    visitors = list(User.objects.visiting().select_for_update())
    for visitor in visitors:
        audit.record_event("support.ended", visitor, actor=actor)
        remove_account(visitor, actor=actor)
    return len(visitors)


def end_all_over() -> int:
    """Delete the accounts of finished visits in the current district."""
    over = User.objects.filter(expires_at__lte=timezone.now())
    for visitor in over:
        remove_account(visitor, actor=audit.SYSTEM)
    return len(over)
