"""Noting what others report of a district's mails, and slowing a district with too many reports."""

from dataclasses import dataclass
from datetime import timedelta

import structlog
from django.db import transaction
from django.db.models import Count, QuerySet
from django.db.models.functions import Now
from django_tenants.utils import get_tenant_model

from wiq.outbox.models import Pointer, State
from wiq.reputation.models import WINDOW, Kind, Report, Slowed
from wiq.tenancy import current_district_id

# Above it others lose patience with a sender (decision 47): Gmail asks for complaints under 0.3 %,
# Amazon SES reviews a sender at 5 % returned (https://support.google.com/a/answer/81126,
# https://docs.aws.amazon.com/ses/latest/dg/reputationdashboard-messages.html).
CEILING = {Kind.COMPLAINT: 0.003, Kind.BOUNCE: 0.05}
# A district sends few mails: fewer reports than these are chance.
FEWEST = {Kind.COMPLAINT: 3, Kind.BOUNCE: 10}
# A slowed district sends one mail in this time, those of its accounts aside.
EVERY = timedelta(seconds=20)
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Figures:
    """What a district sent within the window, and what others reported of it."""

    sent: int = 0
    bounces: int = 0
    complaints: int = 0

    def over(self) -> Kind | None:
        """Return what lies over its ceiling; complaints weigh more."""
        for kind, reported in ((Kind.COMPLAINT, self.complaints), (Kind.BOUNCE, self.bounces)):
            if reported >= FEWEST[kind] and reported > CEILING[kind] * max(self.sent, 1):
                return kind
        return None


def note(kind: Kind) -> None:
    """Note a report about a mail of the current district, or of the platform."""
    Report.objects.create(district_id=current_district_id(), kind=kind)


def figures() -> dict[int | None, Figures]:
    """Return the figures of every district that sent or was reported; None is the platform."""
    tried = Pointer.objects.filter(done_at__gte=Now() - WINDOW, state__in=(State.SENT, State.DEAD))
    sent = dict(tried.order_by().values_list("district_id").annotate(Count("pk")))
    recent = Report.objects.recent().order_by().values_list("district_id", "kind")
    reported = {(number, kind): count for number, kind, count in recent.annotate(Count("pk"))}
    return {
        number: Figures(
            sent=sent.get(number, 0),
            bounces=reported.get((number, Kind.BOUNCE), 0),
            complaints=reported.get((number, Kind.COMPLAINT), 0),
        )
        for number in {*sent, *(number for number, _kind in reported)}
    }


@transaction.atomic
def review() -> int:
    """Slow the districts over a ceiling and end that for all others; return how many are slowed."""
    over = {
        number: kind
        for number, found in figures().items()
        if number is not None and (kind := found.over()) is not None
    }
    Slowed.objects.exclude(district_id__in=over).delete()
    # Written by the platform, read by the district.
    roles = dict(get_tenant_model().objects.filter(pk__in=over).values_list("pk", "schema_name"))
    for number, kind in over.items():
        _row, is_new = Slowed.objects.update_or_create(
            district_id=number, defaults={"kind": kind, "owner": roles.get(number)}
        )
        if is_new:
            log.warning("reputation.slowed", district_id=number, kind=str(kind))
    return len(over)


def slowing_here() -> QuerySet[Slowed]:
    """Return the row that says why the current district is slowed, or no row."""
    number = current_district_id()
    return Slowed.objects.filter(district_id=number) if number else Slowed.objects.none()


def take_turn(district_id: int) -> bool:
    """Tell whether a slowed district may send a mail now; a single UPDATE decides."""
    due = Slowed.objects.filter(district_id=district_id, next_at__lte=Now())
    return bool(due.update(next_at=Now() + EVERY))


def forget_old() -> int:
    """Forget reports that no longer count; return how many."""
    return int(Report.objects.old().delete()[0])
