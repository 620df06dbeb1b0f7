"""Names of hosts by IDNA 2008 (RFC 5891, UTS 46 without transition), as browsers read them.

Python's own codec "idna" knows the rules of 2003, by which ``straße.example`` is
``strasse.example``: somebody else's domain.
"""

import idna


def in_dns(host: str) -> str:
    """Return a host as it stands in the DNS: small, in ASCII, without the dot at its end.

    Raises UnicodeError for what is no name there.
    """
    host = host.strip().rstrip(".")
    if host.isascii() and "xn--" not in host.lower():
        return host.lower()
    return idna.encode(host, uts46=True, std3_rules=True).decode("ascii").lower()


def readable(host: str) -> str:
    """Return a host as people write it, with its umlauts. Raises UnicodeError as ``in_dns``."""
    known = in_dns(host)
    return idna.decode(known) if "xn--" in known else known


def as_typed(host: str) -> str:
    """Return a host in the DNS; what is no name there as it came, only small.

    For comparing with names that we know: nothing that is wrong equals one of them.
    """
    try:
        return in_dns(host)
    except UnicodeError:
        return host.strip().rstrip(".").lower()
