"""Reminders: whoever has a request is told that it waits, then all of the coordination.

Each goes out once since it is the team's turn. The last step is the project team's alarm, for
which the console counts what is ``overdue``.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from directory.conversations import absences, mails, services
from directory.conversations.models import Conversation, EntryKind, Turn, Via
from directory.conversations.sorts import known_sort
from directory.conversations.writing import sorts_in_order, submission_of, write
from wiq.accounts.roles import Role
from wiq.audit import services as audit
from wiq.database.locks import one_at_a_time

OWNER, EVERYBODY, ALARM = 1, 2, 3


def unanswered() -> models.QuerySet[Conversation]:
    """Return what waits for an answer of the team; an idea that is being prepared does not."""
    waits = Q(pk=None)
    for sort in sorts_in_order():
        waits |= Q(about_type=sort.kind, state__in=sort.unanswered)
    return Conversation.objects.filter(waits, turn=Turn.OURS, joined_to=None)


def overdue() -> models.QuerySet[Conversation]:
    """Return what has waited so long that the project team is told."""
    longest = timedelta(days=settings.WIQ_REMINDER_DAYS[-1])
    return unanswered().filter(since__lt=timezone.now() - longest)


@transaction.atomic
def remind() -> int:
    """Mail each reminder that is due, once; return how many mails there were.

    Of two at the same moment the second finds nothing left. After an outage only the highest step
    is mailed.
    """
    one_at_a_time("conversations.remind")
    told: dict[str, list[Conversation]] = defaultdict(list)
    everybody = _coordinators()
    for conversation, step in _due():
        for address in _whom(conversation, step, everybody):
            told[address].append(conversation)
        conversation.reminded = step
        conversation.save(update_fields=["reminded"])
    for address, waiting in told.items():
        mails.write_reminder(address, waiting)
    return len(told)


def _due() -> list[tuple[Conversation, int]]:
    now, days = timezone.now(), settings.WIQ_REMINDER_DAYS
    rows = unanswered().filter(since__lte=now - timedelta(days=days[0]), reminded__lt=ALARM)
    found = []
    for conversation in rows.select_for_update(of=("self",)).order_by("since", "pk"):
        step = sum(now - conversation.since >= timedelta(days=each) for each in days)
        if step > conversation.reminded:
            found.append((conversation, step))
    return found


def _coordinators() -> list[str]:
    """Return the addresses of all coordinators who are here."""
    away = absences.away()
    accounts = get_user_model().objects.with_role(Role.COORDINATOR)
    return [each.email for each in accounts if each.pk not in away]


def _whom(conversation: Conversation, step: int, everybody: list[str]) -> Iterable[str]:
    """Return the addresses of a reminder; nobody is told twice what the alarm is about."""
    if step == OWNER:
        account = services.in_charge_of(conversation)
        submission = submission_of(conversation)
        if account is not None:
            return [account.email]
        return known_sort(conversation).addressees(submission) if submission else []
    return everybody if conversation.reminded < EVERYBODY else []


@transaction.atomic
def tell_of_delay() -> int:
    """Tell each resident whose promised day has passed, once, that it takes longer.

    Returns how many were told. Whoever has had an answer is not; without an address, nobody is.
    """
    one_at_a_time("conversations.delay")
    answered = Conversation.objects.filter(entries__kind=EntryKind.ANSWER).values("pk")
    late = unanswered().filter(answer_by__lt=timezone.localdate(), told_late_at=None)
    done = 0
    for conversation in late.exclude(pk__in=answered).select_for_update(of=("self",)):
        conversation.told_late_at = timezone.now()
        conversation.save(update_fields=["told_late_at"])
        submission = submission_of(conversation)
        if submission is None or not submission.email:
            continue
        message = mails.write_delay(
            submission, status_url=known_sort(conversation).status_url(submission)
        )
        with translation.override("de"):
            write(
                conversation, submission, EntryKind.NOTE, via=Via.MAIL, made_by=audit.SYSTEM,
                text=_("Wir haben der Person geschrieben, dass es länger dauert."),
                mail_uuid=message.uuid,
            )  # fmt: skip
        done += 1
    return done
