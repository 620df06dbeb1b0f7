"""Noting what is erased or withdrawn, so that no restored backup brings it back."""

import hashlib
import hmac
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import Protocol, cast

import structlog
from django.db import transaction
from django.utils import timezone
from django_tenants.utils import tenant_context

from wiq.erasures import ledger
from wiq.erasures.models import Erasure
from wiq.mail_addresses import for_sending, tidied
from wiq.signing import keys
from wiq.tenancy import PUBLIC, connection

log = structlog.get_logger(__name__)
ADDRESS = "address"
# What is done again after a restore is noted already.
_again: ContextVar[bool] = ContextVar("erased_again", default=False)


class KeyHolder(Protocol):
    """What marks need of a district: its schema, and keys that move with it."""

    schema_name: str
    # From the file in which it came, encrypted; else empty.
    erasure_key: str

    def signing_key(self) -> bytes:
        """Return the key that signs its links."""


def here() -> KeyHolder:
    """Return the current district."""
    return cast(KeyHolder, connection.tenant)


def key_of(district: KeyHolder) -> bytes:
    """Return the key with which a district's erasures are marked, 32 bytes.

    It is made of the key that signs its links, so that no backup is too old to have it.
    """
    brought = keys.opened(district.erasure_key)
    if brought is not None:
        return brought
    return hmac.digest(district.signing_key(), b"wiq: erasures", "sha256")


def of_address(address: str) -> str:
    """Return an address in the one form in which it is marked."""
    written = tidied(address)
    try:
        return for_sending(written).lower()
    except UnicodeError:
        return written.lower()


def mark_of(key: bytes, kind: str, word: str) -> str:
    """Return the mark of what was erased: an HMAC-SHA-256, in hexadecimal digits."""
    return hmac.new(key, f"{kind}\0{word}".encode(), hashlib.sha256).hexdigest()


def name_of_key(key: bytes) -> str:
    """Return by what the ledger knows a key: no way leads back to it."""
    return hashlib.sha256(b"wiq: erasures " + key).hexdigest()[:16]


@transaction.atomic
def note(kind: str, word: str) -> None:
    """Note an erasure in the caller's transaction; after the commit the ledger has it, too.

    ``kind`` is that of a ``Repeat``, ``word`` what it found. The platform itself keeps none.
    """
    if connection.schema_name == PUBLIC or _again.get():
        return
    key = key_of(here())
    Erasure.objects.create(kind=kind, mark=mark_of(key, kind, word))
    write_after_commit()


def write_after_commit() -> None:
    """Bring to the ledger, once the transaction is kept, what it lacks of this district."""
    transaction.on_commit(partial(_write_of, here()), robust=True)


def _write_of(district: KeyHolder) -> None:
    with tenant_context(district):
        write()


def write() -> int:
    """Bring to the ledger what it lacks of the current district; return how much that was.

    Where the ledger can't be written, the rows stay as they are and the next erasure, the night or
    the operator's command try again: nothing is lost while the database is there.
    """
    with transaction.atomic():
        waiting = list(
            Erasure.objects.filter(written_at__isnull=True).select_for_update(skip_locked=True)
        )
        if not waiting:
            return 0
        try:
            ledger.append(_lines(waiting))
        except OSError as error:
            log.error("erasures.not_written", error=type(error).__name__, count=len(waiting))
            return 0
        numbers = [erasure.pk for erasure in waiting]
        Erasure.objects.filter(pk__in=numbers).update(written_at=timezone.now())
    return len(waiting)


def _lines(erasures: Iterable[Erasure]) -> list[ledger.Line]:
    district = here()
    key = name_of_key(key_of(district))
    return [
        ledger.Line(str(one.pk), district.schema_name, key, one.kind, one.mark, one.at.isoformat())
        for one in erasures
    ]


@contextmanager
def doing_again() -> Iterator[None]:
    """Erase what was erased before, without noting it a second time."""
    before = _again.set(True)
    try:
        yield
    finally:
        _again.reset(before)
