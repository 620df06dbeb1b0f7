"""What rooms receive by mail: each declares its prefix and a handler in ``inbound.py``.

    # directory/contact/inbound.py
    from wiq.inbound.mailboxes import Incoming, Mailbox, Outcome, mailboxes

    def reply(mail: Incoming, token: str) -> Outcome: ...

    mailboxes.register(Mailbox("anfrage", reply))

Then whatever is mailed to ``anfrage+<token>@`` of WIQ_REPLY_DOMAIN reaches ``reply``, by whichever
way it came in. The handler runs in the public schema and finds its district by the token, which
must be hard to guess: everything else in a mail can be forged.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.parser import BytesHeaderParser
from enum import StrEnum
from functools import cached_property

from django.conf import settings

from wiq.inbound.reading import digest_of, is_automatic
from wiq.mail_addresses import parts
from wiq.rooms import Registry
from wiq.senders import services as senders

# More than any program writes; each line and part costs memory, and parts inside parts a call.
MOST_LINES, MOST_PARTS, LONGEST_HEAD = 1_000_000, 5_000, 1_000_000
_END_OF_HEAD = re.compile(rb"\n\r?\n|\r\r")


class Unreadable(ValueError):
    """A mail that nothing takes apart: made of too many parts, or of parts nested too deep."""


class Outcome(StrEnum):
    """What became of an incoming mail, as the webhook answers it."""

    JOINED = "joined"
    HELD = "held"
    BOUNCE = "bounce"
    IGNORED = "ignored"


@dataclass(frozen=True)
class Incoming:
    """A mail as it came in."""

    content: bytes

    @cached_property
    def head(self) -> Message:
        """The mail's own header alone, which any mail has; its parts are not taken apart."""
        end = _END_OF_HEAD.search(self.content, 0, LONGEST_HEAD)
        head = self.content[: end.end() if end else LONGEST_HEAD]
        return BytesHeaderParser().parsebytes(head)

    @cached_property
    def raw(self) -> Message:
        """The mail in Python's old form, which reads any header without complaint.

        Raises Unreadable.
        """
        # Every part begins with a line of two hyphens, and texts have few such lines.
        begun = max(self.content.count(end + b"--") for end in (b"\n", b"\r"))
        lines = max(self.content.count(end) for end in (b"\n", b"\r"))
        if begun > MOST_PARTS or lines > MOST_LINES:
            raise Unreadable("too many parts or lines")
        try:
            return message_from_bytes(self.content)
        except RecursionError:
            raise Unreadable("parts nested too deep") from None

    @cached_property
    def digest(self) -> str:
        """The same for the same mail, by whichever way it came: for a unique column."""
        return digest_of(self.raw)

    @cached_property
    def is_automatic(self) -> bool:
        """Whether a machine wrote it (RFC 3834): an absence, a list, a bounce."""
        return is_automatic(self.raw)


Handler = Callable[[Incoming, str], Outcome]


@dataclass(frozen=True)
class Mailbox:
    """What a room receives: ``<prefix>+<token>@``.

    The handler may get the same mail again where it was interrupted (``Incoming.digest``).
    Automatic answers end before it unless ``machines_write``.
    """

    prefix: str
    handler: Handler
    machines_write: bool = False


mailboxes: Registry[Mailbox] = Registry("inbound")


def address(prefix: str, token: str, domain: str = "") -> str:
    """Return the address that leads to a room's handler; tokens are in small letters.

    It lies at the current district's own domain where answers come in there (wiq.senders).
    """
    return f"{prefix}+{token}@{domain or senders.reply_domain()}"


def is_reply_address(written: str) -> bool:
    """Tell whether an address is one of the current district's that lead to a room's handler."""
    local, domain = parts(written)
    return "+" in local and domain == senders.reply_domain()


def is_open() -> bool:
    """Tell whether mail can come in at all: by webhook, from a mailbox or from the catcher."""
    return bool(settings.WIQ_INBOUND_TOKEN or settings.WIQ_INBOUND_URL or settings.WIQ_MAIL_CATCHER)
