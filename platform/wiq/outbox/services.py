"""Writing pointers: created with the mail, leased for a try, then sent, deferred or dead."""

import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection as database
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django_tenants.utils import get_tenant_model

from wiq import queueing
from wiq.outbox import trouble
from wiq.outbox.failures import Failure, delay_after
from wiq.outbox.models import Pointer, State, Trouble
from wiq.outbox.times import GIVE_UP_AFTER, LEASE, QUEUED, TURN
from wiq.tenancy import PUBLIC, connection

BATCH = 500
# Keeps our advisory locks apart from others in the same database ("WiQ" in ASCII).
LOCKS = 0x576951 << 40


def point_to(message_uuid: uuid.UUID, *, district_id: int | None) -> Pointer:
    """Create a mail's pointer in the caller's transaction; queue its task after the commit.

    If the broker is down, the visitor notices nothing and the next sweep queues the mail.
    """
    pointer = Pointer.objects.create(message_uuid=message_uuid, district_id=district_id)
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


def queue(pointer_id: int, schema_name: str, lease: uuid.UUID | None = None) -> bool:
    """Queue the delivery of one pointer; tell whether the broker accepted the task."""
    word = str(lease) if lease else None
    return queueing.send("wiq.mail.tasks.deliver", pointer_id, word, schema_name=schema_name)


@transaction.atomic
def lease_due(limit: int = BATCH) -> list[tuple[int, uuid.UUID, str]]:
    """Lease what is due, for queueing; return pointer id, lease and schema of each.

    SKIP LOCKED lets several sweepers work side by side. If the broker loses a task, its lease
    simply runs out. While the mail server takes nothing, one mail at a time asks it.
    """
    if trouble.holds_all():
        return []
    if Trouble.objects.due().exists():
        limit = 1
    due = list(
        Pointer.objects.due().order_by("next_at").select_for_update(skip_locked=True)[:limit]
    )
    lease = uuid.uuid4()
    Pointer.objects.filter(pk__in=[pointer.pk for pointer in due]).update(
        lease=lease, leased_until=Now() + QUEUED
    )
    district_ids = {pointer.district_id for pointer in due if pointer.district_id}
    schemas = dict(
        get_tenant_model().objects.filter(pk__in=district_ids).values_list("pk", "schema_name")
    )
    orphans = [p.pk for p in due if p.district_id and p.district_id not in schemas]
    Pointer.objects.filter(pk__in=orphans).update(
        state=State.DEAD, last_error="the district is gone", done_at=Now()
    )
    return [
        (pointer.pk, lease, schemas.get(pointer.district_id, PUBLIC))
        for pointer in due
        if pointer.pk not in orphans
    ]


@contextmanager
def alone_with(pointer_id: int) -> Iterator[bool]:
    """Try to lock a mail for sending; yield whether that worked.

    An advisory lock (PostgreSQL docs, 13.3.5) depends on no clock and ends with its connection.
    So two workers never send the same mail, even after a lease has run out.
    """
    with database.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCKS + pointer_id])
        held = bool(cursor.fetchone()[0])
    try:
        yield held
    finally:
        if held:
            with database.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCKS + pointer_id])


def lease_one(pointer_id: int, lease: uuid.UUID | None) -> Pointer | None:
    """Lease one pointer and count the try; return None if another worker has it.

    ``lease`` is the token that the sweeper queued with the task. A single UPDATE decides, so
    that a task delivered five times sends one mail.
    """
    # The conditions are on the row itself, not in a subquery: when two updates collide,
    # PostgreSQL checks only those again (PostgreSQL docs, 13.2.1).
    pending = Pointer.objects.filter(pk=pointer_id, state=State.PENDING)
    mine = pending.filter(lease=lease) if lease else pending.due()
    word = uuid.uuid4()
    taken = mine.update(
        lease=word,
        leased_until=Now() + LEASE,
        attempts=F("attempts") + 1,
    )
    return Pointer.objects.get(pk=pointer_id) if taken else None


def give_back(pointer: Pointer) -> None:
    """End the lease of a mail that was not tried after all: it is due as before."""
    Pointer.objects.filter(pk=pointer.pk, lease=pointer.lease).update(
        lease=None, leased_until=None, attempts=F("attempts") - 1
    )


def mark_sent(pointer: Pointer) -> bool:
    """Note that the mail server accepted the mail.

    The lease is not checked: the sender holds the mail's lock and may outlast its lease.
    """
    changes = Pointer.objects.filter(pk=pointer.pk, state=State.PENDING).update(
        state=State.SENT, done_at=Now(), leased_until=None, lease=None, last_error=""
    )
    return bool(changes)


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


def send_again(pointer: Pointer) -> None:
    """Retry a failed or waiting mail at once; call it in the mail's own schema.

    A mail that a worker is sending right now is left alone: it would go out twice.
    """
    schema_name = connection.schema_name
    changed = Pointer.objects.untried().filter(pk=pointer.pk).exclude(state=State.SENT).update(
        state=State.PENDING, next_at=Now(), waiting_since=Now(), done_at=None, lease=None,
        leased_until=None,
    )  # fmt: skip
    if changed:
        transaction.on_commit(lambda: queue(pointer.pk, schema_name))
