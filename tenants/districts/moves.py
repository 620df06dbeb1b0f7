"""All changes of a district's state: who may make them, and what they require.

No other code writes ``District.state`` (docs/decisions/0025-moves.md). The rooms' ``golive.py``
modules say what a district still lacks to become public.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context, tenant_context

from tenants.districts import lookup
from tenants.districts.models import District, Moving, State
from tenants.districts.services import locked, locked_staying
from tenants.districts.telling import tell_of_state
from wiq.actors import Actor
from wiq.audit import services as audit
from wiq.rooms import Registry
from wiq.tenancy import PUBLIC

# The project team's moves: from each state to the allowed ones. A suspension and the archive also
# end by ``restore``.
MOVES: dict[str, tuple[State, ...]] = {
    State.DRAFT: (State.PUBLISHED, State.SUSPENDED, State.ARCHIVED),
    State.PUBLISHED: (State.HIDDEN, State.SUSPENDED, State.ARCHIVED),
    State.HIDDEN: (State.PUBLISHED, State.SUSPENDED, State.ARCHIVED),
    State.SUSPENDED: (State.PUBLISHED, State.HIDDEN, State.ARCHIVED),
    State.ARCHIVED: (State.PUBLISHED, State.HIDDEN),
    State.DELETED: (),
}
# States with a way back: the state before them is kept.
LEFT_AGAIN = (State.SUSPENDED, State.ARCHIVED)
# The coordination publishes from these states. Only the project team lifts its own suspension.
PUBLISHED_BY_COORDINATION = (State.DRAFT, State.HIDDEN)
REASON_MAX = 500
WRITTEN = ("state", "state_since", "state_note", "state_before", "passed_gate_at")


@dataclass(frozen=True)
class Gap:
    """Something that is still missing, and the step of the guide that fixes it."""

    step: str
    words: str


@dataclass(frozen=True)
class GapSource:
    """A function that finds what a room still lacks for publication; ``place`` orders the gaps.

    It is called in the district's own schema.
    """

    place: int
    gaps: Callable[[District], list[Gap]]


gap_sources: Registry[GapSource] = Registry("golive")


def says_what_is_missing(*, place: int) -> Callable[[Any], Any]:
    """Register a function that returns the gaps of its room in a district."""

    def register(found: Callable[[District], list[Gap]]) -> Callable[[District], list[Gap]]:
        gap_sources.register(GapSource(place, found))
        return found

    return register


def gaps(district: District) -> list[Gap]:
    """Return what a district still lacks; an empty list if it may become public."""
    with tenant_context(district):
        return [
            gap
            for source in sorted(gap_sources, key=lambda source: source.place)
            for gap in source.gaps(district)
        ]


def gaps_before_publication(district: District) -> list[Gap]:
    """Return what keeps the project team from publishing: nothing if it was public before."""
    return gaps(district) if district.passed_gate_at is None else []


@transaction.atomic
def publish(district: District, *, actor: Actor) -> District:
    """Publish a draft or hidden district on behalf of the coordination.

    Raises ValidationError with everything that is still missing, or if it is in another state.
    """
    who = audit.for_platform(actor)
    district = locked(district)
    if district.state not in PUBLISHED_BY_COORDINATION:
        raise ValidationError(
            _("Von „%s“ aus geht das nicht.") % district.get_state_display(), code="wrong_state"
        )
    return _through_the_gate(district, actor=actor, who=who)


@transaction.atomic
def publish_on_the_operators_word(district: District, *, actor: Actor) -> District:
    """Publish a district without checks: the operator is responsible for what is missing."""
    return _put(locked_staying(district), State.PUBLISHED, who=actor)


@transaction.atomic
def hide(district: District, *, actor: Actor) -> District:
    """Hide a public district. Raises ValidationError if it is not public."""
    who = audit.for_platform(actor)
    district = locked(district)
    if district.state != State.PUBLISHED:
        raise ValidationError(_("Dieses Quartier ist nicht öffentlich."))
    with tenant_context(district):
        audit.record_change("district.hidden", None, actor=actor)
    return _put(district, State.HIDDEN, who=who)


@transaction.atomic
def move(district: District, state: State | str, *, actor: Actor, reason: str = "") -> District:
    """Move a district on behalf of the project team; its log and its coordination are told.

    Moving to the current state changes nothing. Leaving the archive cancels a planned removal. A
    district that was public before becomes so again without new checks. Raises ValidationError for
    a move that is not allowed, and for publishing a district that still lacks something.
    """
    district = locked_staying(district)
    if state == district.state:
        return district
    if state not in MOVES[district.state]:
        raise ValidationError(
            _("Von „%(now)s“ geht es nicht zu „%(wished)s“.")
            % {"now": district.get_state_display(), "wished": State(state).label}
        )
    return _moved(district, State(state), actor=actor, reason=reason)


@transaction.atomic
def restore(district: District, *, actor: Actor, reason: str = "") -> District:
    """Lift a suspension or leave the archive: return to the state before, and tell so.

    Raises ValidationError for a district that is neither suspended nor archived.
    """
    district = locked_staying(district)
    if district.state not in LEFT_AGAIN:
        raise ValidationError(_("Dieses Quartier ist weder gesperrt noch archiviert."))
    return _moved(district, state_before(district), actor=actor, reason=reason)


def state_before(district: District) -> State:
    """Return where a suspended or archived district returns to."""
    return State(district.state_before or State.HIDDEN)


@transaction.atomic
def archive_for_removal(district: District, *, actor: Actor) -> District:
    """Archive a district that is to be removed; whoever removes it tells its coordination."""
    district = locked_staying(district)
    if district.state == State.ARCHIVED:
        return district
    _record_inside(district, State.ARCHIVED)
    return _put(district, State.ARCHIVED, who=actor)


@transaction.atomic
def settle(district: District, state: State | str, *, since: datetime, actor: Actor) -> District:
    """Let a district that has arrived answer here, in the state that it had where it was.

    Nobody is told: nothing has changed but the server.
    """
    district = locked(district)
    kept = {name: getattr(district, name) for name in WRITTEN}
    district.moving = Moving.NO
    district.save(update_fields=["moving"])
    district = _put(district, State(state), who=actor)
    for name, value in (kept | {"state": state, "state_since": since}).items():
        setattr(district, name, value)
    district.save(update_fields=WRITTEN)
    return district


def _moved(district: District, state: State, *, actor: Actor, reason: str) -> District:
    """Move a locked district, unless it lacks something and was never public before."""
    reason = reason.strip()[:REASON_MAX]
    missing = gaps_before_publication(district) if state == State.PUBLISHED else []
    if missing:
        raise ValidationError([gap.words for gap in missing], code="not_ready")
    if district.delete_after is not None:
        district.delete_after = None
        district.save(update_fields=["delete_after"])
    _record_inside(district, state, reason)
    district = _put(district, state, who=actor, reason=reason)
    tell_of_state(district)
    return district


def _record_inside(district: District, state: State, reason: str = "") -> None:
    """Record a move of the project team in the district's own log, which names no account."""
    with tenant_context(district):
        details = {"to": str(state), "reason": reason}
        audit.record_change("district.state", None, actor=audit.SYSTEM, details=details)


def _through_the_gate(district: District, *, actor: Actor, who: Actor) -> District:
    missing = gaps(district)
    if missing:
        raise ValidationError([gap.words for gap in missing], code="not_ready")
    with tenant_context(district):
        audit.record_change("district.published", None, actor=actor)
    return _put(district, State.PUBLISHED, who=who)


def _put(district: District, state: State, *, who: Actor, reason: str = "") -> District:
    """Write the state of a locked row and refresh its hosts. ``who`` is for the platform's log."""
    with schema_context(PUBLIC):
        before, now = district.state, timezone.now()
        if state not in LEFT_AGAIN:
            district.state_before = ""
        elif before not in LEFT_AGAIN:  # from one to the other, the way back stays the same
            district.state_before = before
        if state == State.PUBLISHED:
            district.passed_gate_at = now
        district.state, district.state_since, district.state_note = state, now, reason
        district.save(update_fields=WRITTEN)
        details = {"from": before, "to": str(state)}
        audit.record_change("district.state", district, actor=who, details=details)
        lookup.forget_after_commit(district)
    return district
