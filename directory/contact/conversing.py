"""Contact requests as conversations."""

from django.utils.translation import gettext_lazy as _

from directory.contact import answering, links, mails, services
from directory.contact.models import OPEN_STATES, ContactRequest, RequestState
from directory.conversations.models import Turn
from directory.conversations.sorts import Sort, sorts


def words(found: ContactRequest) -> str:
    """Return what the resident wrote."""
    return found.message


def title(found: ContactRequest) -> str:
    """Return what it is about: the date that somebody registers for, else what was written."""
    return found.occasion or found.message


sorts.register(
    Sort(
        name="request",
        label=_("Anfrage"),
        model=ContactRequest,
        words=words,
        title=title,
        turns={
            RequestState.NEW: Turn.OURS,
            RequestState.TAKEN: Turn.OURS,
            RequestState.ANSWERED: Turn.THEIRS,
            RequestState.CLOSED: Turn.DONE,
            RequestState.SPAM: Turn.SUSPICIOUS,
        },
        answer=answering.answer,
        reply=answering.reply,
        move=services.set_state,
        assign=answering.assign,
        join=answering.join,
        status_url=links.status_url,
        addressees=mails.recipients,
        unanswered=OPEN_STATES,
        settle=answering.settle,
        settled=RequestState.CLOSED,
        unsettle=answering.unsettle,
        take_up=answering.take_up,
        to_resident=(mails.CONFIRMATION_KIND, "conversations.answer"),
        buttons={
            RequestState.ANSWERED: _("Beantwortet (ohne E-Mail von hier)"),
            RequestState.CLOSED: _("Erledigt"),
            RequestState.NEW: _("Wieder offen"),
            RequestState.SPAM: _("Als Spam ablegen"),
        },
        closes=RequestState.CLOSED,
        reopens=RequestState.NEW,
        admin="contact_contactrequest",
    )
)
