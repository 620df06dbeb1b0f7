"""Reply addresses: ``anfrage+<token>@``, one for each conversation.

The token is base32 of the district's number (5 bytes) and of the conversation's 160 random bits.
The number only says in which schema to look; nobody guesses the rest.
"""

import re
from base64 import b32decode, b32encode

from django_tenants.utils import schema_context

from directory.conversations.models import Conversation
from tenants.districts.models import District
from wiq.inbound import mailboxes
from wiq.tenancy import PUBLIC, current_district_id

PREFIX = "anfrage"
# Five bytes are eight letters of base32 without a remainder, so the two parts stay apart.
NUMBER_BYTES, NUMBER_LETTERS = 5, 8
_TOKEN = re.compile(r"[a-z2-7]{40}")


def reply_address(conversation: Conversation) -> str:
    """Return where mails about a conversation are answered; empty where none could come in."""
    number = current_district_id()
    if number is None or not mailboxes.is_open():
        return ""
    return mailboxes.address(PREFIX, token_of(number, conversation))


def token_of(district: int, conversation: Conversation) -> str:
    """Return the token of a conversation's address."""
    number = b32encode(district.to_bytes(NUMBER_BYTES)).decode().lower()
    return f"{number}{conversation.reply_token}"


def district_of(token: str) -> District | None:
    """Return the district that a token names, if there is one; that proves nothing yet."""
    if not _TOKEN.fullmatch(token):
        return None
    number = int.from_bytes(b32decode(token[:NUMBER_LETTERS].upper()))
    with schema_context(PUBLIC):
        found: District | None = District.objects.filter(pk=number).first()
    return found


def by_token(token: str) -> Conversation | None:
    """Return the conversation of an address in the current district.

    Of one that was joined to another, the other.
    """
    rows = Conversation.objects.select_related("joined_to")
    found: Conversation | None = rows.filter(reply_token=token[NUMBER_LETTERS:].lower()).first()
    return found.joined_to or found if found is not None else None
