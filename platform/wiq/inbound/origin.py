"""Who really sent a mail. From alone says nothing: anybody can write anything there.

Believed is the verdict of our own receiving server (Authentication-Results, RFC 8601), under the
name of WIQ_INBOUND_AUTHSERV; where that is not set, a signature (DKIM, RFC 6376) of the domain in
From, checked here.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from email.message import Message
from email.utils import getaddresses, parseaddr
from importlib import import_module

import dns.exception
import structlog
from django.conf import settings

from wiq import dns_lookup
from wiq.host_names import in_dns
from wiq.inbound.mailboxes import Incoming
from wiq.mail_addresses import parts, tidied

# More signatures than any honest mail carries; each costs a question to the DNS.
SIGNATURES = 4
# RFC 8601, 2.2, in short: "dmarc=pass (comment) header.from=domain".
_RESULT = re.compile(r"^\s*(dmarc|dkim)\s*=\s*(\w+)\b(.*)$", re.IGNORECASE | re.DOTALL)
_PROPERTY = re.compile(r"\b(header\.(?:from|d|i))\s*=\s*\"?([^\s;\"]+)", re.IGNORECASE)
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Origin:
    """The address in From, and whether its domain vouches for the mail."""

    address: str
    is_proven: bool


def origin_of(mail: Incoming) -> Origin:
    """Return who sent a mail; an empty address where From names none, or more than one."""
    address = _only_address(mail.raw)
    domain = _in_dns(parts(address)[1])
    if not domain:
        return Origin(address, False)
    if settings.WIQ_INBOUND_AUTHSERV:
        return Origin(address, _our_server_says_so(mail.raw, domain))
    return Origin(address, _is_signed_by(mail, domain))


def _only_address(mail: Message) -> str:
    """Return the one address in From; several prove nothing (RFC 7489, 6.6.1)."""
    fields = [str(field) for field in mail.get_all("From", [])]
    if len(fields) != 1:
        return ""
    found = [address for _name, address in getaddresses(fields) if address]
    if len(found) != 1 or found[0].count("@") != 1 or parseaddr(fields[0])[1] != found[0]:
        return ""
    # A quoted part before the @ is read in different ways by different programs.
    return "" if re.search(r"[\s\"<>(),;:\\\x00-\x20]", found[0]) else tidied(found[0])


def _in_dns(domain: str) -> str:
    with suppress(UnicodeError):
        return in_dns(domain).lower().rstrip(".")
    return ""


def _our_server_says_so(mail: Message, domain: str) -> bool:
    """Read the verdict of our own server: its field is the first of that name.

    It removes what others wrote under its name (RFC 8601, 5), and adds its own above.
    """
    for field in mail.get_all("Authentication-Results", []):
        name, _semicolon, rest = " ".join(str(field)[:20_000].split()).partition(";")
        if name.split()[:1] != [settings.WIQ_INBOUND_AUTHSERV]:
            continue
        found = list(_results(rest))
        dmarc = [result for result in found if result[0] == "dmarc"]
        if len(dmarc) > 1:  # one of them is somebody's own words
            return False
        if dmarc and dmarc[0][1] in ("pass", "fail"):
            return dmarc[0] == ("dmarc", "pass", domain)
        # No policy: a signature of the very domain says the same.
        return ("dkim", "pass", domain) in found
    return False


def _apart(text: str) -> list[str]:
    """Return the results of a field: without comments, and what is quoted is one word.

    A sender's address may be quoted there, and hold any sign (RFC 5321, 4.1.2). Nothing of a field
    is believed that ends within one of the two.
    """
    parts, depth, is_quoted, is_escaped = [""], 0, False, False
    for sign in text:
        kept = sign
        if is_escaped:
            is_escaped, kept = False, "_"
        elif sign == "\\" and (is_quoted or depth):
            is_escaped, kept = True, ""
        elif is_quoted:
            is_quoted = sign != '"'
            kept = sign if sign.isalnum() or sign in '"@.-' else "_"
        elif sign == '"' and not depth:
            is_quoted = True
        elif sign == "(":
            depth += 1
        elif sign == ")" and depth:
            depth, kept = depth - 1, " "
        elif sign == ";" and not depth:
            parts.append("")
            continue
        parts[-1] += "" if depth else kept
    return [] if depth or is_quoted else parts


def _results(text: str) -> Iterator[tuple[str, str, str]]:
    """Return method, result and the domain it is about, of each result of a field."""
    for part in _apart(text):
        found = _RESULT.match(part)
        if found is None:
            continue
        about = {name.lower(): value for name, value in _PROPERTY.findall(found[3])}
        method = found[1].lower()
        domain = about.get("header.from" if method == "dmarc" else "header.d", "")
        if not domain and method == "dkim":
            domain = about.get("header.i", "")
        yield method, found[2].lower(), parts(domain)[1].lower().rstrip(".")


def _is_signed_by(mail: Incoming, domain: str) -> bool:
    """Tell whether a signature of the domain holds, over From and the whole content."""
    fields = mail.raw.get_all("DKIM-Signature", [])[:SIGNATURES]
    for index, field in enumerate(fields):
        tags = dict(re.findall(r"(?:^|;)\s*(\w+)\s*=\s*([^;]*)", "".join(str(field).split())))
        # A signature over a part of the content (l=) lets anybody add to it.
        if _in_dns(tags.get("d", "")) != domain or "l" in tags:
            continue
        if _holds(mail.content, index):
            return True
    return False


def _holds(content: bytes, index: int) -> bool:
    try:
        # 4 MB that no process needs in which no mail arrives.
        library = import_module("dkim")
        return bool(library.DKIM(content).verify(idx=index, dnsfunc=_text_of))
    except Exception as error:
        # Anybody may have written these bytes: whatever can't be read proves nothing.
        log.info("inbound.signature_unreadable", error=type(error).__name__)
        return False


def _text_of(name: bytes | str, timeout: float = 0) -> bytes | None:
    """Return a key's record for dkimpy; None where there is none, or the DNS is silent.

    A mail is held back then, and nobody waits.
    """
    asked = name.decode("ascii", "replace") if isinstance(name, bytes) else name
    try:
        found = list(dns_lookup.known_texts(asked))
    except dns.exception.DNSException:
        return None
    return found[0].encode() if len(found) == 1 else None
