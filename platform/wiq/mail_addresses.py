"""E-mail addresses: one mailbox is one, however its address is written.

The same are: large and small letters, an umlaut in one sign or two (NFC), invisible signs between
the letters, a domain with umlauts and its form in the DNS. Never the same: ``anna+wiq@`` and
``anna@``; what stands before the @ is the business of the other server (RFC 5321, 2.3.11).
"""

import re
import unicodedata
from contextlib import suppress
from urllib.parse import unquote

from django.core.validators import validate_email
from django.db.models import Q
from django.db.models.functions import Lower
from django.db.models.lookups import Exact

from wiq.host_names import in_dns, readable

# RFC 5321, 4.5.3.1.1, in octets.
LOCAL_MAX = 64
_IN_BRACKETS = re.compile(r"[^<>@]*<\s*([^<>\s]+@[^<>\s]+)\s*>[.,;:]?")
# In some languages' domains these make a difference (RFC 5892, A.1 and A.2): IDNA judges them.
JOINERS = "\u200c\u200d"


def _visible(text: str, but: str = "") -> str:
    """Return a text without what nobody sees: zero-width signs, soft hyphens, directions."""
    return "".join(c for c in text if c in but or unicodedata.category(c) != "Cf")


def parts(address: str) -> tuple[str, str]:
    """Return what stands before and behind the last @."""
    local, _at, domain = address.rpartition("@")
    return local, domain


def unwrapped(text: str) -> str:
    """Return the address in what people paste: a link's, a mail program's, one with its full stop.

    ``mailto:anna@beispiel.de?subject=…`` (RFC 6068), ``Anna Nord <anna@beispiel.de>`` (RFC 5322,
    3.4), ``anna@beispiel.de.``; anything else comes back as it is.
    """
    text = text.strip()
    if text.lower().startswith("mailto:"):
        text = unquote(text[len("mailto:") :].partition("?")[0])
    found = _IN_BRACKETS.fullmatch(text)
    return (found[1] if found else text).strip().strip("\"'„“”").rstrip(".,;:")


def tidied(address: str) -> str:
    """Return an address as it is kept and read; what is none comes back without its spaces.

    A domain in ASCII stays as it was typed, one with umlauts is small and has its umlauts.
    """
    local, domain = parts(unicodedata.normalize("NFC", address.strip()))
    local, domain = _visible(local).strip(), _visible(domain, JOINERS).strip()
    if not local or not domain:
        return _visible(address).strip()
    if domain.isascii() and "xn--" not in domain.lower():
        return f"{local}@{domain}"
    try:
        return f"{local}@{readable(domain)}"
    except UnicodeError:
        return f"{local}@{domain}"


def for_sending(address: str) -> str:
    """Return an address for the mail server: with its domain as in the DNS. Raises UnicodeError."""
    local, domain = parts(address)
    return f"{local}@{in_dns(domain)}" if local else address


def reaches_everybody(address: str) -> bool:
    """Tell whether any mail server can write to an address: ASCII before the @."""
    return parts(address)[0].isascii()


def of_account(address: str) -> str:
    """Return the address of an account: small. Raises ValidationError if it is none."""
    email = tidied(address).lower()
    try:
        validate_email(for_sending(email))
    except UnicodeError:
        validate_email("")
    if len(parts(email)[0]) > LOCAL_MAX:
        validate_email("")
    return email


def is_same(held: str, address: str) -> bool:
    """Tell of an address of ours whether it is this mailbox; ``is_at`` asks the database."""
    written = tidied(address)
    spellings = {written.lower()}
    with suppress(UnicodeError):
        spellings.add(for_sending(written).lower())
    return held.lower() in spellings


def is_at(field: str, address: str) -> Q:
    """Return the condition that a column holds this mailbox, however it is written.

    Compared in small letters: ``iexact`` compares in capitals, in which "straße" is "STRASSE".
    Rows of older versions may hold a domain as it stands in the DNS.
    """
    written = tidied(address)
    found = Q(Exact(Lower(field), written.lower()))
    try:
        sent = for_sending(written)
    except UnicodeError:
        return found
    same = sent.lower() == written.lower()
    return found if same else found | Q(Exact(Lower(field), sent.lower()))
