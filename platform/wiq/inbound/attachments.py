"""What is attached to a mail: kept as it came, up to a limit, and never opened here."""

import re
from dataclasses import dataclass
from email.message import Message
from typing import Any

from wiq.inbound.reading import in_letters

MOST = 10
# Bytes of one, and of all of a mail.
LARGEST, LARGEST_TOGETHER = 5_000_000, 15_000_000
NAME_MAX = 120
# What file systems and browsers read as something else than a name.
_NO_NAME = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|\u202a-\u202e\u2066-\u2069]+")


@dataclass(frozen=True)
class Attached:
    """A file of a mail. ``content`` is None for one beyond the limit: its name tells of it."""

    name: str
    size: int
    content: bytes | None


def attached_to(mail: Message) -> list[Attached]:
    """Return the files of a mail, those in its signature as well."""
    found: list[Attached] = []
    together = 0
    for part in _parts(mail):
        content = _content_of(part)
        if not content:
            continue
        fits = len(content) <= LARGEST and together + len(content) <= LARGEST_TOGETHER
        is_kept = fits and len(found) < MOST
        together += len(content) if is_kept else 0
        name = name_of(part, len(found) + 1)
        found.append(Attached(name, len(content), content if is_kept else None))
        if len(found) >= 2 * MOST:
            break
    return found


def _parts(mail: Message) -> list[Message]:
    """Return the parts that are files: named, attached, or of a kind that is no text."""
    found: list[Message] = []
    waiting = [mail]
    while waiting:
        part = waiting.pop(0)
        if part.get_content_type() == "message/rfc822":
            if part is not mail:
                found.append(part)
        elif part.is_multipart():
            payload = part.get_payload()
            waiting = [one for one in payload if isinstance(one, Message)] + waiting
        elif _is_file(part):
            found.append(part)
    return found


def _is_file(part: Message) -> bool:
    is_text = part.get_content_type() in ("text/plain", "text/html")
    is_attached = part.get_content_disposition() == "attachment"
    return bool(part.get_filename()) or is_attached or not is_text


def _content_of(part: Message) -> bytes:
    if part.get_content_type() == "message/rfc822":
        inside: Any = part.get_payload()
        return bytes(inside[0].as_bytes()) if isinstance(inside, list) and inside else b""
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def name_of(part: Message, number: int) -> str:
    """Return a name for a file that any system takes; "Anhang 1" where it has none."""
    name = _NO_NAME.sub(" ", in_letters(str(part.get_filename() or ""))).strip(". ")
    name = " ".join(name.split())
    if len(name) > NAME_MAX:
        stem, dot, ending = name.rpartition(".")
        name = f"{stem[: NAME_MAX - 12]}{dot}{ending[:10]}" if dot else name[:NAME_MAX]
    return name or (
        f"E-Mail {number}.eml"
        if part.get_content_type() == "message/rfc822"
        else f"Anhang {number}"
    )
