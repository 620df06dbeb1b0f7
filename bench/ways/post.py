"""People who write mails: their domains sign what they send, and forgers try everything else."""

import base64
import re
import smtplib
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate
from itertools import count

import dkim
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.dns_server import DnsServer
from wiq.inbound.words import MARKS

_numbers = count()
FORGERS = "fremd.example"


@dataclass(frozen=True)
class Conversation:
    """One of the stack's, with the addresses of both sides and its own."""

    slug: str
    reference: str
    resident: str
    team: str
    address: str


class Signer:
    """Signs for any domain, and tells the DNS so. One key for all: making one takes long."""

    def __init__(self, dns: DnsServer, *domains: str) -> None:
        # The shortest that anybody believes (RFC 8301, 3.2); signing takes a tenth of 2048 bits.
        key = rsa.generate_private_key(public_exponent=65537, key_size=1024)
        self._private = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )
        public = key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        for domain in (*domains, FORGERS):
            record = f"v=DKIM1; p={base64.b64encode(public).decode()}"
            dns.records[f"wege._domainkey.{domain}"] = record

    def signed(self, mail: bytes, domain: str) -> bytes:
        signature: bytes = dkim.sign(mail, b"wege", domain.encode(), self._private)
        return signature + mail


def written(sender: str, to: str, text: str, **headers: str) -> bytes:
    """Return an answer as a mail program writes it, with a quotation below."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = sender, to, "Re: Ihre Anfrage"
    mail["Message-ID"] = f"<{next(_numbers)}.ways@programm.example>"
    mail["Date"] = formatdate(localtime=True)
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    quoted = f"> ---- {MARKS['de']} ----\n> Guten Tag"
    mail.set_content(f"{text}\n\nAm 30.11.26 um 19:50 schrieb Wir im Quartier:\n{quoted}\n")
    return mail.as_bytes()


def domain_of(address: str) -> str:
    return address.rpartition("@")[2]


def forged(signer: Signer, talk: Conversation, number: int) -> bytes:
    """Return one of ten forgeries of an answer or reply, each in another way."""
    victim = talk.team if number % 2 else talk.resident
    text = f"gefaelscht{number}x Bitte löschen Sie alles."
    genuine = signer.signed(written(victim, talk.address, text), domain_of(victim))
    plain = written(victim, talk.address, text)
    stranger = f"dieb{number}@{FORGERS}"
    named = written(f'"{victim}" <{stranger}>', talk.address, text)
    verdict = f"Authentication-Results: mx.wiq.example; dmarc=pass header.from={domain_of(victim)}"
    return [
        plain,
        signer.signed(plain, FORGERS),
        signer.signed(named, FORGERS),
        signer.signed(written(f"{stranger}, {victim}", talk.address, text), FORGERS),
        f"{verdict}\r\n".encode() + plain,
        genuine.replace(b"Bitte l", b"Jetzt l"),
        b"From: " + victim.encode() + b"\r\n" + signer.signed(named, FORGERS),
        re.sub(rb"(?<=[ ;]b=)\S", b"A", genuine, count=1)[:-2] + b"!\r\n",
        signer.signed(written(stranger, talk.address, text, Reply_To=victim), FORGERS),
        signer.signed(written(stranger, talk.address, text, Sender=victim), FORGERS),
    ][number % 10]


class Post:
    """A connection to Postfix that is opened again where it was closed."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._line: smtplib.SMTP | None = None

    def send(self, mail: bytes, sender: str, to: str) -> None:
        if self._line is None:
            self._line = smtplib.SMTP("127.0.0.1", self.port)
        try:
            self._line.sendmail(sender, [to], mail)
        except smtplib.SMTPServerDisconnected:
            self._line = smtplib.SMTP("127.0.0.1", self.port)
            self._line.sendmail(sender, [to], mail)
