"""The two signed links of a team's mail: "Ich übernehme" and "Beantwortet"."""

from django.core.signing import BadSignature
from django.utils import translation

from directory.contact.models import ContactRequest, RequestState
from wiq import signing
from wiq.web.hosts import on_district

PURPOSE = "contact.link"
MAX_AGE_DAYS = 180
ACTIONS = {"taken": RequestState.TAKEN, "answered": RequestState.ANSWERED}
# An old mail must not undo what happened since.
ONLY_FROM = {
    "taken": (RequestState.NEW,),
    "answered": (RequestState.NEW, RequestState.TAKEN),
}


def link(contact_request: ContactRequest, action: str, recipient_index: int) -> str:
    """Return the address of the page whose button moves the request.

    The recipient is named by a number: an address in a link would end up in logs.
    """
    word = signing.sign(PURPOSE, [contact_request.pk, action, recipient_index])
    with translation.override("de"):
        return on_district("contact:link", word)


def read(word: str) -> tuple[int, str, int]:
    """Return request number, action and recipient number of a link.

    Raises SignatureExpired for an old link, BadSignature for any other that is not ours.
    """
    value = signing.unsign(PURPOSE, word, max_age_days=MAX_AGE_DAYS)
    if not isinstance(value, list) or len(value) != 3 or value[1] not in ACTIONS:
        raise BadSignature("not a link of a contact request")
    return int(value[0]), str(value[1]), int(value[2])


def status_url(contact_request: ContactRequest) -> str:
    """Return the address of the page where the resident sees how far the request has come."""
    with translation.override(contact_request.language):
        return on_district("contact:status", contact_request.token)
