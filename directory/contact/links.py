"""The two signed links of a team's mail: "Ich kümmere mich" and "Beantwortet".

They open a page. What lets them act is a code (``codes.py``).
"""

from typing import Literal, NamedTuple

from django.utils import translation

from directory.contact.models import ContactRequest, RequestState
from wiq.signing.links import SignedLink, UsedUp
from wiq.web.hosts import on_district

Action = Literal["taken", "answered"]
ACTIONS = {"taken": RequestState.TAKEN, "answered": RequestState.ANSWERED}
# An old mail must not undo later changes.
ONLY_FROM = {
    "taken": (RequestState.NEW,),
    "answered": (RequestState.NEW, RequestState.TAKEN),
}


class Move(NamedTuple):
    """The request, the action and the mail's recipient.

    The link holds the recipient's number, because an address would end up in logs.
    """

    request: int
    action: Action
    recipient: int


LINK = SignedLink(
    purpose="contact.link",
    holds=Move,
    days=180,
    route="contact:link",
    used_up=UsedUp.LOOKS,
    language="de",
)


def link(contact_request: ContactRequest, action: Action, recipient_index: int) -> str:
    """Return the address of the page on which a code moves the request."""
    return LINK.url(Move(contact_request.pk, action, recipient_index))


def status_url(contact_request: ContactRequest) -> str:
    """Return the address of the resident's status page."""
    with translation.override(contact_request.language):
        return on_district("contact:status", contact_request.token)
