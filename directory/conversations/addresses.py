"""Reply addresses: ``anfrage+<token>@``, one for each conversation.

The token is base32 of the district's number (5 bytes) and of the conversation's 160 random bits.
The number only says in which schema to look; nobody guesses the rest.
"""

import re
from base64 import b32decode, b32encode

from django.db.models import Q
from django_tenants.utils import schema_context

from directory.conversations.models import Conversation
from directory.conversations.writing import goes_on
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


def districts_of(token: str) -> list[District]:
    """Return the districts in which a token may be known; that proves nothing yet.

    First the one whose number it names, then those that had this number before they came in a file.
    """
    if not _TOKEN.fullmatch(token):
        return []
    number = int.from_bytes(b32decode(token[:NUMBER_LETTERS].upper()))
    with schema_context(PUBLIC):
        here = Q(pk=number) | Q(reply_numbers__contains=number)
        found = list(District.objects.filter(here))
    return sorted(found, key=lambda district: (district.pk != number, district.pk))


def by_token(token: str) -> Conversation | None:
    """Return the conversation of an address in the current district.

    Of one that was joined to another, the other; of a request that became an idea, the idea's.
    """
    rows = Conversation.objects.filter(reply_token=token[NUMBER_LETTERS:].lower())
    found: Conversation | None = rows.first()
    return goes_on(found) if found is not None else None
