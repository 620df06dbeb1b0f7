"""Which addresses the platform calls for others: public ones alone.

Somebody at a desk types where to. Without this, the platform would knock on doors inside its own
network for them (OWASP, Server-Side Request Forgery Prevention).
"""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import dns.exception
from django.conf import settings

from wiq import dns_lookup

Address = IPv4Address | IPv6Address
# They carry an IPv4 address, which a gateway on the way would call: NAT64 (RFC 6052), its local
# range (RFC 8215), 6to4 (RFC 3056) and its relays (RFC 7526), Teredo (RFC 4380), SIIT (RFC 2765).
CARRY_IPV4 = tuple(
    map(
        ip_network,
        (
            *("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "192.88.99.0/24", "2001::/32"),
            *("::/96", "::ffff:0:0:0/96"),
        ),
    )
)
# What Python calls global and is not: site-local (RFC 3879), of segment routing (RFC 9602), for
# documentation (RFC 9637).
NOT_GLOBAL = tuple(map(ip_network, ("fec0::/10", "5f00::/16", "3fff::/20")))


class ForbiddenAddress(OSError):
    """A name leads to an address that is not called."""


class NameNotFound(OSError):
    """A name leads nowhere."""


def is_public(address: Address) -> bool:
    """Tell whether an address is of the public internet, by itself and not inside another."""
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return is_public(address.ipv4_mapped)
    if any(address in network for network in (*CARRY_IPV4, *NOT_GLOBAL)):
        return False
    return address.is_global and not address.is_multicast


def may_be_called(address: Address) -> bool:
    """Tell whether an address is public, or in a network that the operator named."""
    allowed = (ip_network(word, strict=False) for word in settings.WIQ_CALLED_NETWORKS)
    return is_public(address) or any(address in network for network in allowed)


def addresses_of(host: str) -> list[str]:
    """Return the addresses of a name, all of them allowed, IPv4 first.

    One that is not spoils the name: whoever mixes them wants the next look-up to get another.
    Raises ForbiddenAddress, NameNotFound.
    """
    try:
        found = [ip_address(text) for text in dns_lookup.addresses(host)]
        found.sort(key=lambda address: address.version)
    except dns.exception.DNSException as error:
        raise NameNotFound(type(error).__name__) from error
    if not found:
        raise NameNotFound("no address")
    if not all(map(may_be_called, found)):
        raise ForbiddenAddress("not a public address")
    return [str(address) for address in found]
