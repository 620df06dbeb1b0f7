"""Reading an incoming mail's header. Everything in it may be forged, broken or hostile."""

import re
from collections.abc import Collection, Iterator
from contextlib import suppress
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from hashlib import sha256

from wiq.typed import for_xml

# Where mail servers write down for whom they took a mail, the nearest first; then what the sender
# wrote. A mail of the catcher names its own.
RECIPIENTS = (
    *("X-WiQ-Envelope-To", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To"),
    *("To", "Cc"),
)
# What stays as it was, by whichever way a mail comes.
SAME = ("Message-ID", "Date", "From", "Subject", "Content-Type")
# Programs that answer by themselves and do not say so in the field of RFC 3834.
_OF_LISTS = ("List-Id", "List-Unsubscribe", "X-Autoreply", "X-Autorespond", "X-Auto-Response")
_BULK = ("bulk", "junk", "list", "auto_reply")
# RFC 5322, 3.4.1, in short: no spaces, brackets or quotes in what we gave out.
_ADDRESS = re.compile(r"([a-z]{1,20})\+([a-z0-9]{8,64})@([a-z0-9.-]{1,253})", re.IGNORECASE)
LONGEST_HEADER = 20_000


def header(mail: Message, name: str) -> str:
    """Return a field as one line; empty where it is missing."""
    return " ".join(str(mail.get(name, ""))[:LONGEST_HEADER].split())


def in_letters(text: str) -> str:
    """Return what stands in a field as people read it (RFC 2047); as it stands where none can."""
    text = text[:LONGEST_HEADER]
    with suppress(LookupError, UnicodeError, ValueError, HeaderParseError):
        text = str(make_header(decode_header(text)))
    return for_xml(text)


def tokens(mail: Message, domains: Collection[str]) -> Iterator[tuple[str, str]]:
    """Return what a mail is addressed to at these domains, as prefix and token, each once."""
    seen = set()
    for name in RECIPIENTS:
        for line in mail.get_all(name, []):
            for prefix, token, host in _ADDRESS.findall(str(line)[:LONGEST_HEADER]):
                found = (prefix.lower(), token.lower())
                if host.lower() in domains and found not in seen:
                    seen.add(found)
                    yield found


def is_automatic(mail: Message) -> bool:
    """Tell whether a machine wrote a mail, so that no machine may answer it (RFC 3834, 2 and 5)."""
    said = header(mail, "Auto-Submitted").partition(";")[0].strip().lower()
    if said and said != "no":
        return True
    if header(mail, "Return-Path") == "<>" or mail.get_content_type() == "multipart/report":
        return True
    if header(mail, "Precedence").lower() in _BULK or any(name in mail for name in _OF_LISTS):
        return True
    # Exchange asks for silence in mails that people write, too ("DR, OOF, …"); only its machines
    # say "All" (MS-OXCMAIL, 2.1.3.2.20).
    return header(mail, "X-Auto-Response-Suppress").lower() == "all"


def digest_of(mail: Message) -> str:
    """Return a digest of a mail without what each server on its way writes into its header."""
    found = sha256()
    for name in SAME:
        found.update(f"{name}:{header(mail, name)}\n".encode(errors="surrogateescape"))
    for part in mail.walk():
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            found.update(content.replace(b"\r\n", b"\n").rstrip())
    return found.hexdigest()
