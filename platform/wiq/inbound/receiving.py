"""The one way in: whatever brings a mail hands it over here."""

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from itertools import islice

import structlog
from django.db import connection as database
from django_tenants.utils import schema_context

from wiq.inbound.mailboxes import Incoming, Mailbox, Outcome, mailboxes
from wiq.inbound.models import Taken
from wiq.inbound.reading import tokens
from wiq.senders import services as senders
from wiq.tenancy import PUBLIC

# Of several outcomes of one mail, the first of these is told.
ORDER = (Outcome.JOINED, Outcome.HELD, Outcome.BOUNCE, Outcome.IGNORED)
# A mail of ours names one of its rooms; somebody's list of guesses is read so far.
MOST_ROOMS = 20
log = structlog.get_logger(__name__)


def is_ours(content: bytes) -> bool:
    """Tell whether a mail is addressed to any room."""
    return bool(_addressed(Incoming(content)))


def receive(content: bytes) -> Outcome:
    """Take a mail and return what became of it; the same mail again changes nothing.

    It is noted once its rooms are done with it. Whoever brings it brings it again where this
    raises: nothing is lost, and a room does not do twice what it has done. Raises Unreadable for a
    mail that will never be taken.
    """
    mail = Incoming(content)
    with schema_context(PUBLIC):
        outcomes = {_take(mail, mailbox, token) for mailbox, token in _addressed(mail)}
    outcome = next((one for one in ORDER if one in outcomes), Outcome.IGNORED)
    log.info("inbound.taken", outcome=str(outcome), digest=mail.digest[:8])
    return outcome


def forget_old() -> int:
    """Forget mails that nobody delivers a second time; return how many."""
    return int(Taken.objects.old().delete()[0])


def _addressed(mail: Incoming) -> list[tuple[Mailbox, str]]:
    known = {mailbox.prefix: mailbox for mailbox in mailboxes}
    with schema_context(PUBLIC):
        domains = senders.reply_domains()
    found = tokens(mail.head, domains)
    named = ((known[prefix], token) for prefix, token in found if prefix in known)
    return list(islice(named, MOST_ROOMS))


def _take(mail: Incoming, mailbox: Mailbox, token: str) -> Outcome:
    """Hand a mail to one of its rooms, once: a copy may come for each address that it names."""
    held = f"{mail.digest}:{mailbox.prefix}:{token}"
    digest = sha256(held.encode()).hexdigest()
    with _alone_with(digest):
        known = Taken.objects.filter(digest=digest).first()
        if known is not None:
            return Outcome(known.outcome)
        outcome = _hand_over(mail, mailbox, token)
        Taken.objects.create(digest=digest, outcome=outcome)
    return outcome


def _hand_over(mail: Incoming, mailbox: Mailbox, token: str) -> Outcome:
    if mail.is_automatic and not mailbox.machines_write:
        return Outcome.IGNORED
    outcome = mailbox.handler(mail, token)
    # A handler that forgot its way back would leave us in a district's schema.
    if database.schema_name != PUBLIC:  # type: ignore[attr-defined]
        raise RuntimeError(f"{mailbox.prefix} did not return to the public schema")
    return outcome


@contextmanager
def _alone_with(digest: str) -> Iterator[None]:
    """Let the same mail, brought by two at the same moment, wait for itself."""
    with database.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [f"inbound:{digest}"])
    try:
        yield
    finally:
        with schema_context(PUBLIC), database.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [f"inbound:{digest}"]
            )
