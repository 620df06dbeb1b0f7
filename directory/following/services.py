"""Subscribing, confirming, telling what is new, and ending it."""

from datetime import timedelta
from typing import Any

import structlog
from django.db import IntegrityError, transaction
from django.utils import timezone

from directory.following import mails
from directory.following.models import Subscription
from directory.solutions.models import SolutionTeam
from directory.solutions.models.timeline import news
from directory.solutions.views import named_states
from wiq.audit import services as audit

# Nobody's mailbox is filled by somebody else's pressing a button again and again.
ASK_AGAIN_AFTER = timedelta(hours=1)
NEWS_MOST = 20
# What was written in the last minutes waits for the next morning: a transaction may still be open
# that was dated before, and its news would never be told.
SETTLED = timedelta(minutes=10)
log = structlog.get_logger(__name__)


def subscribe(*, email: str, solution_team: SolutionTeam | None, language: str) -> None:
    """Ask an address whether it wants the news; one that gets them already is told so.

    The page says the same in both cases: whether an address is subscribed is nobody's business.
    """
    try:
        with transaction.atomic():
            _subscribe(email, solution_team, language)
    except IntegrityError:  # the same address at the same moment: the other one has asked
        return


def _subscribe(email: str, solution_team: SolutionTeam | None, language: str) -> None:
    now = timezone.now()
    known = Subscription.objects.from_address(email).to(solution_team).select_for_update().first()
    if known is None:
        known = Subscription.objects.create(
            email=email, solution_team=solution_team, language=language
        )
        audit.record("subscription.asked", known, actor="resident")
    elif known.asked_at > now - ASK_AGAIN_AFTER:
        return
    else:
        known.asked_at, known.language = now, language
        known.save(update_fields=["asked_at", "language"])
    if known.confirmed_at is None:
        mails.write_question(known)
    else:
        mails.write_known(known)


@transaction.atomic
def confirm(subscription: Subscription) -> Subscription:
    """Note that the owner of the address said yes; what is new counts from now on."""
    if subscription.confirmed_at is None:
        subscription.confirmed_at = subscription.told_until = timezone.now()
        subscription.save(update_fields=["confirmed_at", "told_until"])
        audit.record("subscription.confirmed", subscription, actor=audit.MAIL_LINK)
    return subscription


@transaction.atomic
def remove(subscription: Subscription, *, actor: Any = audit.MAIL_LINK) -> None:
    """Forget an address and the mails that were written to it: nothing of it stays."""
    audit.record("subscription.ended", subscription, actor=actor)
    mails.forget(subscription)
    subscription.delete()


def tell_all() -> int:
    """Mail what is new to everybody who asked for it; return how many mails there are.

    Each in a transaction of its own: one that can't be written is noted and holds up nobody, and a
    second run finds nothing new.
    """
    told = 0
    for key in list(Subscription.objects.confirmed().values_list("pk", flat=True)):
        try:
            with transaction.atomic():
                told += _tell(key)
        except Exception:  # the others get their news; this one is tried again tomorrow
            log.exception("following.not_told", subscription=key)
    return told


def _tell(key: int) -> int:
    found = Subscription.objects.confirmed().filter(pk=key).select_for_update(of=("self",))
    subscription = found.select_related("solution_team").first()
    if subscription is None:
        return 0
    until = timezone.now() - SETTLED
    rows = news(subscription.solution_team, since=subscription.told_until, until=until)
    entries = named_states(rows[:NEWS_MOST])
    if not entries:
        return 0
    subscription.told_until = until
    subscription.save(update_fields=["told_until"])
    mails.write_news(subscription, entries)
    return 1


def forget_unconfirmed() -> int:
    """Forget the addresses that nobody confirmed in time; return how many."""
    gone = list(Subscription.objects.never_confirmed())
    for subscription in gone:
        remove(subscription, actor=audit.SYSTEM)
    return len(gone)
