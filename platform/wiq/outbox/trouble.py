"""What concerns the mail server is tried once for the whole platform, not once for every mail.

The pattern is a circuit breaker with one probe (Nygard, Release It!). It stands in the database:
all workers see it, and only its clock counts.
"""

import structlog
from django.db.models import F, Q
from django.db.models.functions import Now

from wiq.outbox.failures import AWAY, Failure, delay_after
from wiq.outbox.models import Pointer, Trouble
from wiq.outbox.times import AT_ONCE, LEASE
from wiq.outbox.verdicts import About

log = structlog.get_logger(__name__)


def holds_all() -> bool:
    """Tell whether all mails wait: the server takes none, and nobody is to ask it now."""
    found = Trouble.objects.holding()
    return found.exists() and not found.due().exists()


def is_absence() -> bool:
    """Tell whether all mails wait because nothing answers where the mail server should be."""
    return Trouble.objects.holding().filter(reason__startswith=AWAY).exists()


def ask_now() -> None:
    """Let a mail find out at once whether the trouble is over."""
    Trouble.objects.holding().update(retry_at=Now())


def take_turn() -> bool:
    """Tell whether the caller may try a mail now; while all wait, one of them may at a time.

    A single UPDATE decides. Whoever asks and dies leaves the turn to another after a lease.
    """
    if not Trouble.objects.holding().exists():
        return True
    return bool(Trouble.objects.due().update(retry_at=Now() + LEASE))


def note(failure: Failure, pointer: Pointer) -> None:
    """Note a refusal that is about us; from the third try on the operator is told, once.

    Before the recipient is named a refusal concerns all mails. Later it may be about one alone,
    until a second one meets it and none was taken in between.
    """
    if failure.about not in (About.SERVER, About.REFUSED):
        # It says nothing about us, so the turn is the next mail's.
        ask_now()
        return
    Trouble.objects.bulk_create([Trouble(reason=failure.reason)], ignore_conflicts=True)
    met_by_another = Trouble.objects.filter(tries__gt=0).exclude(last_pointer=pointer.pk)
    if failure.unreachable or met_by_another.exists():
        Trouble.objects.update(holds_all=True)
    at_once = Q(tried_at__isnull=False, tried_at__range=(Now() - AT_ONCE, Now()))
    Trouble.objects.exclude(at_once).update(tries=F("tries") + 1, tried_at=Now())
    Trouble.objects.update(
        reason=failure.reason, words=failure.words, last_pointer=pointer.pk
    )  # fmt: skip
    found = Trouble.objects.first()
    if found is None:  # another worker's mail was taken meanwhile
        return
    Trouble.objects.update(retry_at=Now() + delay_after(found.tries, failure))
    if Trouble.objects.untold().update(is_told=True):
        log.error("mail.server_refuses", reason=failure.reason, words=failure.words)


def end() -> None:
    """Note that the server took a mail: whatever was against us is over."""
    if Trouble.objects.all().delete()[0]:
        log.info("mail.server_takes_again")
