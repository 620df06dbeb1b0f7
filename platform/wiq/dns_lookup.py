"""Asking the DNS, with patience that a page can afford."""

import dns.exception
import dns.resolver
from django.conf import settings

SECONDS = 5.0
NOTHING_THERE = (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer)


def _resolver() -> dns.resolver.Resolver:
    resolver = dns.resolver.Resolver()
    if settings.WIQ_DNS_SERVER:
        address, _colon, port = settings.WIQ_DNS_SERVER.partition(":")
        resolver.nameservers, resolver.port = [address], int(port or 53)
    resolver.lifetime = SECONDS
    return resolver


def texts(name: str) -> set[str]:
    """Return the TXT records of a name. Raises dns.exception.DNSException, also for none."""
    answer = _resolver().resolve(name, "TXT")
    return {b"".join(row.strings).decode(errors="replace") for row in answer}


def known_texts(name: str) -> set[str]:
    """Return the TXT records of a name, none where there are none. Raises DNSException."""
    try:
        return texts(name)
    except NOTHING_THERE:
        return set()


def addresses(name: str) -> set[str]:
    """Return the addresses of a name (A, AAAA), none where there are none. Raises DNSException."""
    try:
        # With the dot at its end no search list of the machine is asked.
        return set(_resolver().resolve_name(f"{name.rstrip('.')}.").addresses())
    except NOTHING_THERE:
        return set()


def mail_hosts(name: str) -> set[str]:
    """Return the mail servers of a domain (MX), none where there are none. Raises DNSException."""
    try:
        found = _resolver().resolve(name, "MX")
    except NOTHING_THERE:
        return set()
    return {row.exchange.to_text().rstrip(".").lower() for row in found}
