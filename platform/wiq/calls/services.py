"""Writing pointers to calls: made with the call, leased for a try, put off or done."""

import random
import uuid
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now
from django_tenants.utils import get_tenant_model

from wiq import queueing
from wiq.calls.models import LEASE, WaitingCall
from wiq.tenancy import connection, current_district_id

# The room that makes calls has this task; the ground knows no rooms above it.
MAKE = "directory.webhooks.tasks.make"
# A sweep queues so many; the next one comes in seconds.
SWEPT = 50
FIRST_WAIT = 10
LONGEST_PAUSE = 3600


def point_to(call_uuid: uuid.UUID) -> None:
    """Mark a call of this district as waiting, in the caller's transaction; queue it after that.

    If the broker is down, the next sweep finds it.
    """
    district_id = current_district_id()
    if district_id is None:
        raise RuntimeError("the platform makes no calls")
    found = WaitingCall.objects.create(call_uuid=call_uuid, district_id=district_id)
    schema_name = connection.schema_name
    transaction.on_commit(lambda: _queue(found.pk, schema_name))


def _queue(number: int, schema_name: str) -> bool:
    return queueing.send(MAKE, number, schema_name=schema_name)


def sweep() -> int:
    """Queue what is due, of all districts; return how many. Call it in the public schema."""
    districts = get_tenant_model().objects
    WaitingCall.objects.exclude(district_id__in=districts.values("pk")).delete()
    due = WaitingCall.objects.due().exclude(district_id__in=_resting()).order_by("next_at")[:SWEPT]
    calls = list(due)
    schemas = dict(
        districts.filter(pk__in={call.district_id for call in calls}).values_list(
            "pk", "schema_name"
        )
    )
    queued = 0
    for call in calls:
        if not _queue(call.pk, schemas[call.district_id]):
            break
        queued += 1
    return queued


def _resting() -> QuerySet[Any]:
    """Return the numbers of districts that are behind, or on their way elsewhere."""
    found: QuerySet[Any] = get_tenant_model().objects.resting().values("pk")
    return found


def lease(number: int) -> WaitingCall | None:
    """Lease one call of this district for a try, and count the try; None if another has it.

    A single UPDATE decides, so that a task delivered twice calls once.
    """
    due = WaitingCall.objects.due().exclude(district_id__in=_resting())
    taken = due.filter(pk=number).update(leased_until=Now() + LEASE, attempts=F("attempts") + 1)
    return WaitingCall.objects.get(pk=number) if taken else None


def pause_after(attempts: int) -> timedelta:
    """Return how long to wait after so many tries: doubled each time, an hour at most."""
    seconds = min(LONGEST_PAUSE, FIRST_WAIT * 2 ** min(attempts - 1, 20))
    return timedelta(seconds=seconds * random.uniform(0.8, 1.0))  # noqa: S311 (spreads load)


def put_off(call: WaitingCall, wait: timedelta, *, was_tried: bool) -> None:
    """End a lease and wait; a call that was not made after all does not count as a try."""
    WaitingCall.objects.filter(pk=call.pk).update(
        next_at=Now() + wait, leased_until=None, attempts=F("attempts") - (0 if was_tried else 1)
    )


def forget(call_uuids: Iterable[uuid.UUID]) -> None:
    """Delete the pointers of calls that are over or were withdrawn."""
    WaitingCall.objects.filter(call_uuid__in=list(call_uuids)).delete()
