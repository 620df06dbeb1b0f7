""" "Hat das geholfen?" about an idea whose bringer got an answer, asked once, some days later.

A decision is no answer: who was declined is not asked whether that helped.
"""

from datetime import timedelta
from functools import partial
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone

from directory.conversations import helped as asking
from directory.conversations import services as conversations
from directory.conversations.models import Helped, Via
from directory.ideas import mails, services
from directory.ideas.models import Idea, IdeaState, IdeaStep
from wiq.database.locks import one_at_a_time
from wiq.signing.links import SignedLink, UsedUp
from wiq.submissions.models import StepKind

# Who was asked something by the team is to answer that first.
PREPARED = (IdeaState.RECEIVED, IdeaState.REVIEW)
DECIDED = (IdeaState.ACCEPTED, IdeaState.DECLINED)


class Asked(NamedTuple):
    """The idea whose answer is asked about."""

    idea: int


LINK = SignedLink(
    purpose="ideas.helped",
    holds=Asked,
    days=60,
    route="ideas:helped",
    used_up=UsedUp.STATE,
)


@transaction.atomic
def ask_due() -> int:
    """Ask whoever got an answer some days ago and has not written since; return how many were.

    Of a decided idea only where the answer came after the decision.
    """
    one_at_a_time("ideas.helped")
    now = timezone.now()
    said = IdeaStep.objects.filter(idea=OuterRef("pk")).exclude(kind=StepKind.MOVE)
    last = said.order_by("-at", "-pk")
    rows = Idea.objects.annotate(
        last_kind=Subquery(last.values("kind")[:1]), last_at=Subquery(last.values("at")[:1])
    )
    due = rows.filter(
        Q(state__in=PREPARED) | Q(state__in=DECIDED, last_at__gt=F("done_at")),
        last_kind=StepKind.MESSAGE,
        last_at__lte=now - timedelta(days=settings.WIQ_ASK_HELPED_DAYS),
        last_at__gt=now - asking.TOO_LATE,
    )
    found = list(asking.unasked(due))
    asking.note_asked(found)
    for idea in found:
        asking.write_question(idea, kind="ideas.helped", url=partial(LINK.url, Asked(idea.pk)))
    return len(found)


def may_say(idea: Idea) -> bool:
    """Tell whether there is still something to say about an answer."""
    is_there = idea.state not in (IdeaState.WITHDRAWN, IdeaState.SPAM)
    return is_there and idea.anonymised_at is None and not asking.said(idea)


@transaction.atomic
def it_helped(idea: Idea) -> Idea:
    """Note that the answer helped; the idea goes on. Raises ValidationError the second time."""
    held = asking.held(idea, may_say)
    asking.note(held, Helped.YES)
    # No message: nobody has to answer it.
    conversations.note(submission=held, text=asking.words_of_yes(), actor=services.BRINGER)
    return held


@transaction.atomic
def it_did_not_help(idea: Idea, *, text: str = "") -> Idea:
    """Note that the answer did not help, with what the bringer adds; the team is told.

    Raises ValidationError the second time, and for a text that is none.
    """
    held = asking.held(idea, may_say)
    asking.note(held, Helped.NO)
    whole = asking.words_of_no(text)
    if held.state in DECIDED:
        conversations.replied(
            submission=held, text=whole, made_by=services.BRINGER, via=Via.PAGE
        )  # fmt: skip
        mails.write_to_team(held, "reply", note=whole)
        return held
    return services.reply(held, whole)
