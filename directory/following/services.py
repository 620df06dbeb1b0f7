"""Subscribing, confirming, mailing the news, and unsubscribing."""

from datetime import datetime, timedelta
from typing import Any

import structlog
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from directory.following import mails
from directory.following.models import Subscription
from directory.solutions.models import SolutionTeam
from directory.solutions.models.timeline import named_states, news
from wiq.audit import services as audit
from wiq.erasures import services as erasures
from wiq.mail.refused import complained, is_marked
from wiq.outbox.budget import Budget, mailbox_key, spend
from wiq.submissions.models import Origin
from wiq.submissions.services import Sent

# Nobody can fill another person's mailbox by subscribing it again and again: an address gets only
# so many questions in a day, and at most two about the same subscription.
ASK_AGAIN_AFTER = timedelta(hours=1)
ASK_A_DAY, ASK_TWICE = 5, 2
# A subscriber who asks again gets a mail that says so, at most once a week.
TELL_KNOWN_AFTER = timedelta(days=7)
NEWS_MOST = 20
# The last minutes wait for the next morning. A transaction with an earlier date may still be open,
# and its news would otherwise never be mailed.
SETTLED = timedelta(minutes=10)
# Sent mails are kept for this long, to look into complaints.
KEPT_AFTER_SENDING = timedelta(days=7)
SAME_ANSWER_SECONDS = 600
BY_FORM = Sent(Origin.FORM)
log = structlog.get_logger(__name__)


def subscribe(
    *, email: str, solution_team: SolutionTeam | None, language: str, sent: Sent = BY_FORM
) -> bool:
    """Ask an address whether it wants the news; tell a subscriber that it already gets them.

    A suspicious request is kept for the desk without a mail, and counts for nothing: who asks
    again without the honeypot is mailed. Returns whether the address may get a
    mail now: it counts also where none is due, so that nobody learns whether it is subscribed. The
    same showing of a form, sent again, is answered as the first time.
    """
    is_once = bool(sent.showing) and not sent.is_suspicious
    again = f"asked {sent.showing} {mailbox_key(email, Budget.CONFIRMATION)}" if is_once else ""
    before = cache.get(again) if again else None
    if before is not None:
        return bool(before)
    may_go = True
    try:
        with transaction.atomic():
            may_go = sent.is_suspicious or spend(email, Budget.CONFIRMATION)
            _subscribe(email, solution_team, language, sent, may_go)
    except IntegrityError:  # the same request at the same moment has already asked
        pass
    if again:
        cache.set(again, int(may_go), SAME_ANSWER_SECONDS)
    return may_go


def _subscribe(
    email: str, solution_team: SolutionTeam | None, language: str, sent: Sent, may_go: bool
) -> None:
    _hold(solution_team)
    now = timezone.now()
    from_address = Subscription.objects.from_address(email)
    if from_address.filter(asked_at__gt=now - timedelta(days=1)).count() >= ASK_A_DAY:
        return
    known = from_address.to(solution_team).select_for_update().first()
    if known is None:
        known = Subscription.objects.create(
            email=email, solution_team=solution_team, language=language,
            is_suspicious=sent.is_suspicious,
        )  # fmt: skip
        # An event, not a change: renewed pages would tell a stranger that the address was unknown.
        audit.record_change("subscription.asked", known, actor="resident")
        if may_go and not sent.is_suspicious:
            mails.write_question(known)
    elif sent.is_suspicious or not may_go:
        return
    elif known.is_suspicious:
        _call_no_spam(known, "resident", may_go)
    elif known.confirmed_at is None:
        _ask_again(known, language, now)
    elif known.asked_at <= now - TELL_KNOWN_AFTER:
        known.asked_at = now
        known.save(update_fields=["asked_at"])
        mails.write_known(known)


def _hold(team: SolutionTeam | None) -> None:
    """Hold the chosen solution team. Raises ValidationError if it has just vanished."""
    if team is None:
        return
    rows = SolutionTeam.objects.filter(pk=team.pk)
    if not rows.select_for_update(no_key=True).exists():
        raise ValidationError(_("Dieses Lösungsteam ist hier nicht mehr zu sehen."))


def _ask_again(known: Subscription, language: str, now: datetime) -> None:
    """Send the question once more, in the language of the latest request."""
    if known.asked_at > now - ASK_AGAIN_AFTER or known.asked_times >= ASK_TWICE:
        return
    known.asked_at, known.language = now, language
    known.asked_times += 1
    known.save(update_fields=["asked_at", "language", "asked_times"])
    mails.write_question(known)


@transaction.atomic
def call_no_spam(subscription: Subscription, *, actor: Any) -> Subscription:
    """Note that the honeypot was wrong, and ask the address now if it has not got enough."""
    return _call_no_spam(subscription, actor, spend(subscription.email, Budget.CONFIRMATION))


def _call_no_spam(subscription: Subscription, actor: Any, may_go: bool) -> Subscription:
    held = Subscription.objects.select_for_update().get(pk=subscription.pk)
    if not held.is_suspicious:
        return held
    held.is_suspicious, held.asked_at = False, timezone.now()
    held.save(update_fields=["is_suspicious", "asked_at"])
    audit.record_change("subscription.asked", held, actor=actor)
    if may_go:
        mails.write_question(held)
    return held


@transaction.atomic
def confirm(subscription: Subscription) -> Subscription:
    """Confirm a subscription; its news start now.

    Raises Subscription.DoesNotExist if it was ended a moment ago.
    """
    held = Subscription.objects.select_for_update().get(pk=subscription.pk)
    if held.confirmed_at is None:
        held.confirmed_at = held.told_until = timezone.now()
        held.save(update_fields=["confirmed_at", "told_until"])
        audit.record_change("subscription.confirmed", held, actor=audit.MAIL_LINK)
    return held


@transaction.atomic
def remove(subscription: Subscription, *, actor: Any = audit.MAIL_LINK) -> None:
    """Delete a subscription and its mails completely."""
    _remove(Subscription.objects.filter(pk=subscription.pk), actor)


def _remove(rows: models.QuerySet[Subscription], actor: Any) -> int:
    """Delete a subscription if it still matches ``rows``; return how many were deleted.

    The lock waits for news that are being written right now, so that their mail is deleted too.
    """
    held = rows.select_for_update().first()
    if held is None:
        return 0
    audit.record_change("subscription.ended", held, actor=actor)
    mails.forget(held)
    erasures.note("subscription", str(held.pk))
    held.delete()
    return 1


def tell_all() -> int:
    """Mail the news to all subscribers; return the number of mails.

    Each subscriber has a separate transaction, so an error does not stop the others. A second
    run finds nothing new.
    """
    told = 0
    for key in list(Subscription.objects.confirmed().values_list("pk", flat=True)):
        try:
            with transaction.atomic():
                told += _tell(key)
        except Exception:  # the others still get their news; this one is retried tomorrow
            log.exception("following.not_told", subscription=key)
    return told


def _tell(key: int) -> int:
    found = Subscription.objects.confirmed().filter(pk=key).select_for_update(of=("self",))
    subscription = found.select_related("solution_team").first()
    if subscription is None or is_marked(subscription.email) or complained(subscription.email):
        return 0
    until = timezone.now() - SETTLED
    rows = news(subscription.solution_team, since=subscription.told_until, until=until)
    entries = named_states(rows[:NEWS_MOST])
    if not entries:
        return 0
    more = len(rows) - len(entries)
    subscription.told_until = until
    subscription.save(update_fields=["told_until"])
    mails.write_news(subscription, entries, more)
    return 1


def forget_unconfirmed() -> int:
    """Delete the addresses that were not confirmed in time; return how many."""
    gone = 0
    for key in list(Subscription.objects.never_confirmed().values_list("pk", flat=True)):
        with transaction.atomic():
            # Queried again: one that was confirmed a moment ago stays.
            gone += _remove(Subscription.objects.never_confirmed().filter(pk=key), audit.SYSTEM)
    return gone


@transaction.atomic
def forget_old_mails() -> int:
    """Delete mails sent some days ago, and those whose subscription went with its solution team."""
    return mails.forget_before(timezone.now() - KEPT_AFTER_SENDING)
