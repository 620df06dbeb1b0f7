"""Writing pointers: created with the mail, leased for a try, then sent, deferred or dead."""

import random
import smtplib
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from email.errors import HeaderParseError

from django.core.mail import BadHeaderError
from django.db import connection as database
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django_tenants.utils import get_tenant_model

from wiq import queueing
from wiq.outbox.models import Pointer, State
from wiq.outbox.times import (
    GIVE_UP_AFTER,
    LEASE,
    QUEUED,
    REFUSED_CAP_SECONDS,
    UNREACHABLE_CAP_SECONDS,
)
from wiq.tenancy import PUBLIC, connection

BATCH = 500
# Keeps our advisory locks apart from others in the same database ("WiQ" in ASCII).
LOCKS = 0x576951 << 40
# What a server says to the sender although it is about this mail: too large, temporary (RFC 5321).
OF_THE_MAIL = (421, 450, 451, 452, 552)


class GoneError(Exception):
    """The pointer's mail no longer exists (its district was restored or removed)."""


@dataclass(frozen=True)
class Failure:
    """Why a try failed and what follows from it. ``reason`` holds no personal data.

    ``refuses_us``: the server takes no mail from us at all, whoever it is for.
    """

    reason: str
    permanent: bool
    unreachable: bool
    refuses_us: bool = False

    @property
    def concerns_all_mails(self) -> bool:
        """Whether the next mail would fail as well."""
        return self.unreachable or self.refuses_us


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
    simply runs out.
    """
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


def read_failure(error: Exception) -> Failure:
    """Classify an error of smtplib: retry soon, retry later, or give up.

    The reason keeps the status code but not the server's text, which quotes the address.
    """
    if isinstance(error, GoneError):
        return Failure("the mail is gone", permanent=True, unreachable=False)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _text in error.recipients.values()]
        code = max(codes, default=550)
        if any(_is_policy(code, text) for code, text in error.recipients.values()):
            return Failure(f"SMTP {code}: relaying refused", False, False, refuses_us=True)
        return Failure(f"SMTP {code}: recipient refused", code >= 500, unreachable=False)
    if isinstance(error, smtplib.SMTPServerDisconnected | smtplib.SMTPConnectError):
        return Failure("the mail server hung up", permanent=False, unreachable=True)
    if isinstance(error, smtplib.SMTPAuthenticationError | smtplib.SMTPHeloError):
        # Our configuration is wrong, not the mail, so the mail waits.
        return Failure(f"SMTP {error.smtp_code}: sign-in refused", False, unreachable=True)
    if isinstance(error, smtplib.SMTPSenderRefused) and error.smtp_code not in OF_THE_MAIL:
        # The sender is always ours: no mail of ours would be taken.
        return Failure(f"SMTP {error.smtp_code}: sender refused", False, False, refuses_us=True)
    if isinstance(error, smtplib.SMTPResponseException):
        permanent = 500 <= error.smtp_code < 600
        return Failure(f"SMTP {error.smtp_code}", permanent, unreachable=error.smtp_code == 421)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return Failure("the mail server lacks a feature", permanent=False, unreachable=True)
    if isinstance(error, OSError):
        return Failure(f"the mail server is away ({type(error).__name__})", False, unreachable=True)
    # A mail that can't be built never will be; any other error may be temporary.
    permanent = isinstance(error, UnicodeError | BadHeaderError | HeaderParseError)
    return Failure(f"the mail can't be sent ({type(error).__name__})", permanent, False)


def _is_policy(code: int, text: bytes | str) -> bool:
    """Tell whether a refusal is about our rights, not about the address (RFC 3463, 3.8: X.7.X)."""
    words = text.decode(errors="replace") if isinstance(text, bytes) else text
    return code >= 500 and words.startswith("5.7.")


def delay_after(attempts: int, failure: Failure) -> timedelta:
    """Return how long to wait after this many tries: doubled each time, capped, with jitter."""
    cap = UNREACHABLE_CAP_SECONDS if failure.unreachable else REFUSED_CAP_SECONDS
    seconds = min(cap, 5 * 2 ** min(attempts - 1, 20))
    return timedelta(seconds=seconds * random.uniform(0.8, 1.0))  # noqa: S311 (spreads load)


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
    give_up = failure.permanent or (old and not failure.unreachable)
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
    pending.update(
        next_at=Now() + delay_after(pointer.attempts, failure),
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
