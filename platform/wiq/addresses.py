"""IP addresses of visitors and proxies, in whichever form a server writes them."""

import ipaddress

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


def visitors_network(address: Address) -> str:
    """Return what counts as one visitor: an IPv4 address, or the /64 that an IPv6 visitor has."""
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((address, 64), strict=False).network_address)
