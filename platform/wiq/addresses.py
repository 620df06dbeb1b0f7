"""IP addresses of visitors and proxies, in whichever form a server writes them."""

import ipaddress
import re

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def parsed(text: str) -> Address | None:
    """Return the address in a text; None if it is not one.

    A server that listens on IPv4 and IPv6 writes 192.0.2.1 as ``::ffff:192.0.2.1`` (RFC 4291,
    2.5.5.2). Both mean the same visitor.
    """
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def forwarded(text: str) -> Address | None:
    """Return the address in one part of ``X-Forwarded-For``; None if it is not one.

    Proxies write it with a port, in brackets, in quotes or with a zone: RFC 7239, 6, and what
    Azure, HAProxy and nginx do. "unknown" and made-up names are none.
    """
    bare = text.strip().strip('"')
    bracketed = re.fullmatch(r"\[([^\]]+)\](?::\d+)?", bare)
    if bracketed:
        bare = bracketed[1]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    return parsed(bare.partition("%")[0])


def visitors_network(address: Address) -> str:
    """Return what counts as one visitor: an IPv4 address, or the /64 that an IPv6 visitor has."""
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((address, 64), strict=False).network_address)
