""" "Hat das geholfen?": asked once, some days after an answer, and answered by a button.

The mail's link opens a page; opening it changes nothing, because mail scanners do it, too.
"""

from datetime import timedelta
from functools import partial
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from directory.contact import answering, services
from directory.contact.models import ContactRequest, RequestKind, RequestState
from directory.conversations import helped as asking
from directory.conversations import services as conversations
from directory.conversations.models import Helped, Via
from wiq.database.locks import one_at_a_time
from wiq.signing.links import SignedLink, UsedUp

# Nobody asked for help there.
NOT_ASKED = (RequestKind.CHANGE, RequestKind.ATTEND)


class Asked(NamedTuple):
    """The request whose answer is asked about."""

    request: int


LINK = SignedLink(
    purpose="contact.helped",
    holds=Asked,
    days=60,
    route="contact:helped",
    used_up=UsedUp.STATE,
)


@transaction.atomic
def ask_due() -> int:
    """Ask whoever was answered some days ago and has not written since; return how many were.

    Nobody is asked twice, whatever the answer was and whatever came later.
    """
    one_at_a_time("contact.helped")
    now = timezone.now()
    due = ContactRequest.objects.filter(
        state=RequestState.ANSWERED,
        answered_at__lte=now - timedelta(days=settings.WIQ_ASK_HELPED_DAYS),
        answered_at__gt=now - asking.TOO_LATE,
    ).exclude(kind__in=NOT_ASKED)
    found = list(asking.unasked(due))
    asking.note_asked(found)
    for request in found:
        asking.write_question(
            request, kind="contact.helped", url=partial(LINK.url, Asked(request.pk))
        )
    return len(found)


def may_say(request: ContactRequest) -> bool:
    """Tell whether there is still something to say: answered, and nothing said."""
    done = (RequestState.ANSWERED, RequestState.CLOSED)
    return request.state in done and request.anonymised_at is None and not asking.said(request)


@transaction.atomic
def it_helped(request: ContactRequest) -> ContactRequest:
    """Note that the answer helped: the request is done. Raises ValidationError the second time."""
    held = asking.held(request, may_say)
    asking.note(held, Helped.YES)
    conversations.replied(
        submission=held, text=asking.words_of_yes(), made_by=services.RESIDENT, via=Via.PAGE
    )
    return services.set_state(held, RequestState.CLOSED, actor=services.RESIDENT)


@transaction.atomic
def it_did_not_help(request: ContactRequest, *, text: str = "") -> ContactRequest:
    """Note that the answer did not help, with what the resident adds: it is the team's turn again.

    Raises ValidationError the second time, and for a text that is none.
    """
    held = asking.held(request, may_say)
    asking.note(held, Helped.NO)
    answering.reply(held, text=asking.words_of_no(text), via=Via.PAGE)
    held.refresh_from_db()
    return held
