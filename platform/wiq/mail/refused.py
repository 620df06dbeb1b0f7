"""Addresses from which mails come back: counted, marked, and written to again.

After two final refusals or five others nothing more is sent there by itself: providers judge a
sender by the mails it sends to nobody. What is written meanwhile waits at the desk.
"""

from datetime import timedelta
from enum import Enum

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from wiq.actors import Actor
from wiq.audit import services as audit
from wiq.mail.models import Message, RefusedAddress
from wiq.mail_addresses import tidied
from wiq.outbox.failures import Failure
from wiq.outbox.verdicts import OF_US, About, enhanced

HARD, SOFT = 2, 5
# How long a count is kept that led to no mark, and a mark.
COUNTED, MARKED = timedelta(days=90), timedelta(days=365)
HELD = "the address is marked"
ACCOUNTS = "accounts."


class Weight(Enum):
    """What a mail that did not get through says about its address."""

    HARD = "hard"  # there is no such mailbox
    SOFT = "soft"  # it took nothing for days: full, its server away
    NONE = "none"  # it is about us: spam, limits, our sender


def weight_of(failure: Failure) -> Weight:
    """Return what a failure says about the address."""
    if failure.about == About.RECIPIENT:
        return Weight.HARD
    if failure.about == About.MAILBOX:
        return Weight.SOFT
    detail = enhanced(failure.words.partition(" ")[2])
    # Subject 4 is the way to a server (RFC 3463, 3.5): none found, or none answered for days.
    on_the_way = detail[1:4] == ".4." and not OF_US.search(failure.words)
    return Weight.SOFT if on_the_way else Weight.NONE


def is_held(message: Message) -> bool:
    """Tell whether a mail that is written now waits at the desk.

    Mails of accounts go out: somebody is waiting for them, and they say so at once.
    """
    if not message.about_type or message.about_type.startswith(ACCOUNTS):
        return False
    return is_marked(message.to) or bool(message.unsubscribe_url and complained(message.to))


def is_marked(address: str) -> bool:
    """Tell whether nothing is sent to an address by itself."""
    return RefusedAddress.objects.marked().of(address).exists()


def complained(address: str) -> bool:
    """Tell whether the owner of an address called a mail of ours spam."""
    return RefusedAddress.objects.of(address).filter(complained_at__isnull=False).exists()


@transaction.atomic
def note(address: str, failure: Failure) -> None:
    """Count a mail that an address did not take; mark the address if it was one too many."""
    weight = weight_of(failure)
    if weight is Weight.NONE:
        return
    row = _held(address)
    row.hard += weight is Weight.HARD
    row.soft += weight is Weight.SOFT
    row.reason, row.words = failure.reason, failure.words
    fresh = row.marked_at is None and (row.hard >= HARD or row.soft >= SOFT)
    if fresh:
        row.marked_at = timezone.now()
    row.save()
    if fresh:
        audit.record_event("refusedaddress.marked", row, actor=audit.SYSTEM)


@transaction.atomic
def note_complaint(address: str) -> bool:
    """Note that the owner of an address called a mail spam: it gets no news any more.

    Tells whether that was new: a report that is sent again in other words counts once.
    """
    row = _held(address)
    if row.complained_at is not None:
        return False
    row.complained_at = timezone.now()
    row.save()
    audit.record_event("refusedaddress.complained", row, actor=audit.SYSTEM)
    return True


@transaction.atomic
def lift(row: RefusedAddress, *, actor: Actor) -> RefusedAddress:
    """Write to an address again; what is refused from now on counts anew."""
    audit.record_event("refusedaddress.lifted", row, actor=actor)
    row.hard = row.soft = 0
    row.marked_at = row.complained_at = None
    row.save()
    return row


def lift_address(address: str, *, actor: Actor) -> None:
    """Write to an address again, if it was marked at all."""
    for row in RefusedAddress.objects.marked().of(address):
        lift(row, actor=actor)


def forget_old() -> int:
    """Forget counts that led to nothing, and marks that nobody needed for a year.

    A complaint stays: the address must not get news by chance again.
    """
    now = timezone.now()
    counted = Q(marked_at__isnull=True, last_at__lt=now - COUNTED)
    old = counted | Q(marked_at__lt=now - MARKED)
    found = RefusedAddress.objects.filter(old, complained_at__isnull=True)
    return int(found.delete()[0])


def _held(address: str) -> RefusedAddress:
    """Return the row about an address, locked; create it if there is none."""
    known = RefusedAddress.objects.select_for_update().of(address).first()
    if known is not None:
        return known
    made: RefusedAddress = RefusedAddress.objects.select_for_update().get_or_create(
        address=tidied(address).lower()
    )[0]
    return made
