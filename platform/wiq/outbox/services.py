"""Writing pointers: created with the mail, leased for a try, then sent, deferred or dead."""

import random
import uuid
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from itertools import groupby

from django.db import connection as database
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django_tenants.utils import get_tenant_model

from wiq import queueing
from wiq.outbox import trouble
from wiq.outbox.failures import Failure, delay_after
from wiq.outbox.models import Pointer, PointerQuerySet, State, Trouble
from wiq.outbox.times import GIVE_UP_AFTER, LEASE, TURN
from wiq.tenancy import connection

# How many mails one sender takes at a time.
CLAIM = 50
MARK_SENT = """
UPDATE outbox_pointer SET state = %(sent)s, done_at = statement_timestamp(), leased_until = NULL,
    lease = NULL, last_error = ''
WHERE id = %(pointer)s AND state = %(now)s
RETURNING EXISTS (SELECT FROM outbox_trouble)
"""
# Keeps our advisory locks apart from others in the same database ("WiQ" in ASCII).
LOCKS = 0x576951 << 40


def point_to(message_uuid: uuid.UUID, *, district_id: int | None, domain: str = "") -> Pointer:
    """Create a mail's pointer in the caller's transaction; queue its task after the commit.

    ``domain`` says which mails go to the same domain, and not to which. If the broker is down, the
    visitor notices nothing and the next sweep finds the mail.
    """
    pointer = Pointer.objects.create(
        message_uuid=message_uuid, district_id=district_id, domain=domain
    )
    schema_name = connection.schema_name
    transaction.on_commit(lambda: queue(pointer.pk, schema_name))
    return pointer


def pointers_of(message_uuids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Pointer]:
    """Return the pointers of these mails, keyed by the mail's uuid."""
    found = Pointer.objects.filter(message_uuid__in=list(message_uuids))
    return {pointer.message_uuid: pointer for pointer in found}


def forget(message_uuids: Iterable[uuid.UUID]) -> None:
    """Delete the pointers of erased mails, so that nothing is left to send or to count."""
    Pointer.objects.filter(message_uuid__in=list(message_uuids)).delete()


def queue(pointer_id: int, schema_name: str) -> bool:
    """Queue the delivery of one pointer; tell whether the broker accepted the task."""
    return queueing.send("wiq.mail.tasks.deliver", pointer_id, schema_name=schema_name)


def count_due(most: int) -> int:
    """Return how many mails are due, counting no farther than ``most``."""
    return _due()[:most].count()


def _due() -> PointerQuerySet:
    """Return what is due, without districts that rest: behind, or on their way elsewhere."""
    resting = get_tenant_model().objects.resting().values("pk")
    due: PointerQuerySet = Pointer.objects.due().exclude(district_id__in=resting)
    return due


@transaction.atomic
def claim_due(
    limit: int = CLAIM, *, only: Collection[str] | None = None, but: Collection[str] = ()
) -> list[Pointer]:
    """Lease what is due, the longest waiting first, and count the tries; return the pointers.

    ``only`` and ``but`` are words for recipients' domains. SKIP LOCKED lets several workers claim
    side by side. While the mail server takes nothing, one mail at a time asks it.
    """
    if trouble.holds_all():
        return []
    if Trouble.objects.due().exists():
        limit = 1
    wanted = _due().exclude(domain__in=but) if only is None else _due().filter(domain__in=only)
    due = list(wanted.order_by("next_at").select_for_update(skip_locked=True)[:limit])
    lease = uuid.uuid4()
    Pointer.objects.filter(pk__in=[pointer.pk for pointer in due]).update(
        lease=lease, leased_until=Now() + LEASE, attempts=F("attempts") + 1
    )
    for pointer in due:
        pointer.lease, pointer.attempts = lease, pointer.attempts + 1
    orphans = _orphans(due)
    Pointer.objects.filter(pk__in=orphans).update(
        state=State.DEAD, last_error="the district is gone", done_at=Now()
    )
    return [pointer for pointer in due if pointer.pk not in orphans]


def _orphans(pointers: list[Pointer]) -> list[int]:
    """Return the pointers of districts that are gone."""
    district_ids = {pointer.district_id for pointer in pointers if pointer.district_id}
    there = set(get_tenant_model().objects.filter(pk__in=district_ids).values_list("pk", flat=True))
    return [p.pk for p in pointers if p.district_id and p.district_id not in there]


@contextmanager
def alone_with(pointer_ids: Sequence[int]) -> Iterator[set[int]]:
    """Try to lock mails for sending; yield those for which that worked.

    An advisory lock (PostgreSQL docs, 13.3.5) depends on no clock and ends with its connection.
    So two workers never send the same mail, even after a lease has run out.
    """
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT number FROM unnest(%s::bigint[]) number WHERE pg_try_advisory_lock(%s + number)",
            [list(pointer_ids), LOCKS],
        )
        held = {number for (number,) in cursor.fetchall()}
    try:
        yield held
    finally:
        if held:
            with database.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_advisory_unlock(%s + number) FROM unnest(%s::bigint[]) number",
                    [LOCKS, list(held)],
                )


def still_held(pointers: Sequence[Pointer], locked: Collection[int]) -> list[Pointer]:
    """Return those of the claimed mails that are locked as well and still wait for this sender.

    Another may have sent one between our claim and our lock, while its own lease had run out.
    """
    current = Pointer.objects.filter(pk__in=locked, state=State.PENDING)
    leases = dict(current.values_list("pk", "lease"))
    return [pointer for pointer in pointers if leases.get(pointer.pk) == pointer.lease]


def lease_one(pointer_id: int) -> Pointer | None:
    """Lease one pointer and count the try; return None if another worker has it.

    A single UPDATE decides, so that a task delivered five times sends one mail.
    """
    # The conditions are on the row itself, not in a subquery: when two updates collide,
    # PostgreSQL checks only those again (PostgreSQL docs, 13.2.1).
    taken = _due().filter(pk=pointer_id).update(
        lease=uuid.uuid4(), leased_until=Now() + LEASE, attempts=F("attempts") + 1
    )  # fmt: skip
    return Pointer.objects.get(pk=pointer_id) if taken else None


def give_back(pointers: Sequence[Pointer]) -> None:
    """End the leases of mails that were not tried after all: they are due as before."""
    for lease, group in groupby(pointers, key=lambda pointer: pointer.lease):
        Pointer.objects.filter(pk__in=[pointer.pk for pointer in group], lease=lease).update(
            lease=None, leased_until=None, attempts=F("attempts") - 1
        )


def put_off(pointer: Pointer, wait: timedelta) -> None:
    """End the lease of a mail that was not tried and is to wait; nearly as long, so all spread."""
    Pointer.objects.filter(pk=pointer.pk, lease=pointer.lease).update(
        lease=None,
        leased_until=None,
        attempts=F("attempts") - 1,
        next_at=Now() + wait * random.uniform(0.5, 1.5),  # noqa: S311 (spreads load)
    )


def mark_sent(pointer: Pointer) -> bool:
    """Note that the mail server accepted the mail, which ends whatever it had against us.

    The lease is not checked: the sender holds the mail's lock and may outlast its lease.
    """
    # By hand, because it is done for every mail: two questions in one, at half the price.
    with database.cursor() as cursor:
        cursor.execute(MARK_SENT, {"pointer": pointer.pk, "sent": State.SENT, "now": State.PENDING})
        changed = cursor.fetchone()
    if changed is None:
        return False
    if changed[0]:
        trouble.end()
    return True


def mark_failed(pointer: Pointer, failure: Failure) -> State:
    """Note a failed try: schedule the next one, or give up. Return the new state."""
    old = Pointer.objects.filter(pk=pointer.pk, waiting_since__lte=Now() - GIVE_UP_AFTER).exists()
    give_up = failure.permanent or (old and failure.ends_after_days)
    pending = Pointer.objects.filter(pk=pointer.pk, state=State.PENDING)
    if give_up:
        pending.update(
            state=State.DEAD,
            done_at=Now(),
            lease=None,
            leased_until=None,
            last_error=failure.reason,
        )
        return State.DEAD
    # While all mails wait, the trouble says when the server is asked (wiq.outbox.trouble).
    wait = TURN if failure.unreachable else delay_after(pointer.attempts, failure)
    pending.update(
        next_at=Now() + wait,
        lease=None,
        leased_until=None,
        last_error=failure.reason,
    )
    return State.PENDING


def mark_returned(pointer: Pointer, failure: Failure) -> bool:
    """Note that a mail came back after it was taken; tell whether that is news."""
    changes = Pointer.objects.filter(pk=pointer.pk, state=State.SENT).update(
        state=State.DEAD, done_at=Now(), last_error=failure.reason
    )
    return bool(changes)


def hold(pointer: Pointer, reason: str) -> None:
    """Give up a mail before its first try, for a reason that is known already."""
    Pointer.objects.filter(pk=pointer.pk, state=State.PENDING).update(
        state=State.DEAD, done_at=Now(), last_error=reason
    )


def send_again(pointer: Pointer) -> None:
    """Retry a failed or waiting mail at once; call it in the mail's own schema.

    The pointer's ``domain`` is kept as it is now: the address may have been corrected.

    A mail that a worker is sending right now is left alone: it would go out twice.
    """
    schema_name = connection.schema_name
    changed = Pointer.objects.untried().filter(pk=pointer.pk).exclude(state=State.SENT).update(
        state=State.PENDING, next_at=Now(), waiting_since=Now(), done_at=None, lease=None,
        leased_until=None, domain=pointer.domain,
    )  # fmt: skip
    if changed:
        transaction.on_commit(lambda: queue(pointer.pk, schema_name))
