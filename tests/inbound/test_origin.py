"""Who really sent a mail: forged ones prove nothing, whatever they write."""

import base64
from collections.abc import Iterator
from typing import Any

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.dns_server import DnsServer
from wiq.inbound.mailboxes import Incoming
from wiq.inbound.origin import Origin, origin_of

OURS, ERIKA = "mx.wiq.example", "erika@beispiel.example"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=1024)
PRIVATE = KEY.private_bytes(
    serialization.Encoding.PEM,
    serialization.PrivateFormat.TraditionalOpenSSL,
    serialization.NoEncryption(),
)
PUBLIC = base64.b64encode(
    KEY.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
).decode()
MAIL = f"From: Erika <{ERIKA}>\r\nTo: a@b.example\r\nSubject: Hallo\r\n\r\nGuten Tag\r\n".encode()


@pytest.fixture
def dns(settings: Any) -> Iterator[DnsServer]:
    settings.WIQ_INBOUND_AUTHSERV = ""
    server = DnsServer()
    settings.WIQ_DNS_SERVER = server.address
    # A string of a TXT record holds 255 characters at most (RFC 1035, 3.3.14).
    server.records["s._domainkey.beispiel.example"] = f"v=DKIM1; p={PUBLIC}"
    server.records["s._domainkey.anderswo.example"] = f"v=DKIM1; p={PUBLIC}"
    yield server
    server.socket.close()


def signed(mail: bytes = MAIL, domain: str = "beispiel.example", **options: Any) -> bytes:
    signature: bytes = dkim.sign(mail, b"s", domain.encode(), PRIVATE, **options)
    return signature + mail


def test_a_signature_of_the_senders_domain_proves_it(dns: DnsServer) -> None:
    assert origin_of(Incoming(signed())) == Origin(ERIKA, True)


@pytest.mark.parametrize(
    "mail",
    [
        MAIL,
        signed(domain="anderswo.example"),
        signed(domain="beispiel.example").replace(b"Guten Tag", b"Boesen Tag"),
        signed().replace(b"From: Erika <erika@", b"From: Erika <otto@"),
        signed(domain="unbekannt.example"),
        signed(length=True) + b"Und noch mehr\r\n",
        b"From: otto@beispiel.example\r\n" + signed(),
        signed(MAIL.replace(b"Erika <", b"otto@beispiel.example, Erika <")),
        b"DKIM-Signature: v=1; a=rsa-sha256; d=beispiel.example; s=\xff\r\n" + MAIL,
        b"Authentication-Results: x; dmarc=pass header.from=beispiel.example\r\n" + MAIL,
    ],
)  # fmt: skip
def test_without_it_nothing_is_proven(dns: DnsServer, mail: bytes) -> None:
    assert not origin_of(Incoming(mail)).is_proven


def test_where_the_dns_is_silent_nothing_is_proven(dns: DnsServer) -> None:
    dns.records.clear()
    assert not origin_of(Incoming(signed())).is_proven


@pytest.mark.parametrize(
    ("field", "is_proven"),
    [
        (
            f"{OURS}; spf=pass smtp.mailfrom=x.example; dmarc=pass (p=none) header.from=beispiel.example",
            True,
        ),
        (f"{OURS} 1; dkim=pass header.d=beispiel.example header.s=s; dmarc=none", True),
        (f"{OURS}; dmarc=none; dkim=pass header.i=@beispiel.example", True),
        (
            f"{OURS}; dmarc=fail header.from=beispiel.example; dkim=pass header.d=beispiel.example",
            False,
        ),
        (f"{OURS}; dmarc=pass header.from=anderswo.example", False),
        (f"{OURS}; dkim=pass header.d=anderswo.example", False),
        (f"{OURS}; spf=pass smtp.mailfrom=beispiel.example", False),
        (f"{OURS}; none", False),
        (f"{OURS}; dkim=fail (dmarc=pass header.from=beispiel.example)", False),
        ("mx.anderswo.example; dmarc=pass header.from=beispiel.example", False),
        (f"{OURS}.anderswo.example; dmarc=pass header.from=beispiel.example", False),
        (f"x; dmarc=pass header.from=beispiel.example ({OURS};)", False),
        (f'{OURS}; dmarc=pass header.from="beispiel.example"', True),
        # Our server writes down the sender's address, and the sender chose what stands in it.
        (
            f'{OURS}; spf=pass smtp.mailfrom="a; dmarc=pass header.from=beispiel.example;"@b.example; dmarc=fail header.from=beispiel.example',
            False,
        ),
        (
            f'{OURS}; dmarc=none; spf=pass smtp.mailfrom="a; dkim=pass header.d=beispiel.example;"@b.example',
            False,
        ),
        (
            f'{OURS}; dmarc=none; spf=pass smtp.mailfrom="a\\"; dkim=pass header.d=beispiel.example;"@b.example',
            False,
        ),
        (f"{OURS}; dmarc=none; spf=fail (a (b); dkim=pass header.d=beispiel.example;)", False),
        (
            f"{OURS}; dmarc=pass header.from=beispiel.example; dmarc=fail header.from=beispiel.example",
            False,
        ),
        (f"{OURS}; dmarc=pass header.from=beispiel.example; spf=fail (it never ends", False),
    ],
)
def test_our_own_servers_verdict_counts_and_nobody_elses(
    settings: Any, field: str, is_proven: bool
) -> None:
    settings.WIQ_INBOUND_AUTHSERV = OURS
    mail = f"Authentication-Results: {field}\r\n".encode() + MAIL
    assert origin_of(Incoming(mail)) == Origin(ERIKA, is_proven)


def test_of_two_verdicts_under_our_name_the_upper_one_is_ours(settings: Any) -> None:
    settings.WIQ_INBOUND_AUTHSERV = OURS
    fields = [
        f"Authentication-Results: {OURS}; dmarc={one} header.from=beispiel.example\r\n"
        for one in ("fail", "pass")
    ]
    assert not origin_of(Incoming("".join(fields).encode() + MAIL)).is_proven


@pytest.mark.parametrize(
    ("written", "address"),
    [
        (f"{ERIKA}", ERIKA),
        (f'"otto@x.example" <{ERIKA}>', ERIKA),
        ("=?utf-8?q?otto=40x=2Eexample?= <erika@beispiel.example>", ERIKA),
        ("erika@xn--strae-oqa.example", "erika@straße.example"),
        ("", ""),
        ("niemand", ""),
        (f"otto@x.example, {ERIKA}", ""),
        (f"Gruppe: {ERIKA}, otto@x.example;", ""),
        (f'"otto@x.example <{ERIKA}>" <', ""),
        ('"er ika"@beispiel.example', ""),
        (f"{ERIKA}\x00@x.example", ""),
    ],
)
def test_from_names_one_address_or_none(settings: Any, written: str, address: str) -> None:
    settings.WIQ_INBOUND_AUTHSERV = OURS
    assert origin_of(Incoming(f"From: {written}\r\n\r\nx".encode())).address == address
