"""What the mail server offers is used, and nothing else: its EHLO says what it can carry."""

from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP
from django.core.exceptions import ValidationError

from directory.contact.models import ContactRequest
from tests.cast import District, form
from tests.mails import bodies, deliver_all
from tests.stack.running import free_port
from wiq.mail import relay
from wiq.mail import services as mail
from wiq.mail.models import Message
from wiq.outbox.models import Pointer, State
from wiq.submissions import rules

UMLAUT = "jürgen@beispiel.example"


class Kept:
    """Keeps what it is given, with the options of MAIL."""

    def __init__(self) -> None:
        self.mails: list[Any] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.mails.append(envelope)
        return "250 taken"

    def read(self) -> EmailMessage:
        content = self.mails[-1].original_content
        return cast(EmailMessage, message_from_bytes(content, policy=policy.default))


class WithoutEight(SMTP):
    """A server that offers no 8BITMIME."""

    async def push(self, status: str | bytes) -> None:
        if "8BITMIME" not in str(status):
            await super().push(status)


class Server(Controller):
    """A mail server that offers what a test says."""

    offers = (True, True)

    def factory(self) -> SMTP:
        eight, every_letter = self.offers
        kind = SMTP if eight else WithoutEight
        return kind(self.handler, enable_SMTPUTF8=every_letter, hostname="localhost")


@pytest.fixture
def server(settings: Any) -> Iterator[Callable[..., Kept]]:
    """Return a function that starts a mail server which offers the given extensions."""
    started: list[Controller] = []

    def start(*, eight: bool = True, every_letter: bool = True) -> Kept:
        kept = Kept()
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
        controller = Server(kept, hostname="127.0.0.1", port=settings.EMAIL_PORT)
        controller.offers = (eight, every_letter)
        controller.start()
        started.append(controller)
        return kept

    yield start
    for controller in started:
        controller.stop()


def send(district: District, to: str, subject: str = "Grüße", **more: str) -> Message:
    with district.inside():
        message = mail.enqueue(
            kind="test", to=to, subject=subject, text="Schöne Grüße", html="<p>Schöne Grüße</p>",
            **more,
        )  # fmt: skip
    deliver_all(district)
    return message


@pytest.mark.parametrize("eight", [True, False])
def test_letters_go_as_they_are_only_where_the_server_takes_them(
    nord: District, server: Callable[..., Kept], eight: bool
) -> None:
    kept = server(eight=eight)
    send(nord, "erika@beispiel.example")
    envelope = kept.mails[-1]
    assert ("BODY=8BITMIME" in envelope.mail_options) is eight
    assert envelope.original_content.isascii() is not eight
    text, html = bodies(kept.read())
    assert (text.strip(), html.strip()) == ("Schöne Grüße", "<p>Schöne Grüße</p>")
    assert kept.read()["Subject"] == "Grüße"


@pytest.mark.parametrize("subject", ["=?utf-8?q?Hallo?=", "Idee =?x?= und =?utf-8?b?SGFsbG8=?="])
def test_a_subject_reads_as_it_was_typed(
    nord: District, server: Callable[..., Kept], subject: str
) -> None:
    kept = server()
    send(nord, "erika@beispiel.example", subject)
    assert kept.read()["Subject"] == subject


def test_an_address_with_umlauts_gets_its_mail_where_the_server_offers_it(
    nord: District, server: Callable[..., Kept], no_way_in: None
) -> None:
    kept = server()
    send(nord, "erika@beispiel.example")  # the worker notes what is offered
    assert relay.takes_every_letter()
    assert nord.client().post("/kontakt/", form(email=UMLAUT)).status_code == 303
    deliver_all(nord)
    envelope = next(e for e in kept.mails if e.rcpt_tos == [UMLAUT])
    assert "SMTPUTF8" in envelope.mail_options
    assert "To: jürgen@beispiel.example".encode() in envelope.original_content
    # The team's server may offer less: its mail says how to answer instead of a Reply-To.
    team = next(e for e in kept.mails if e.rcpt_tos == ["ut@nord.example"])
    assert b"\nReply-To" not in team.original_content
    with nord.inside():
        text = Message.objects.get(kind="contact.team").text
    assert "Bitte schreiben Sie der Person an ihre Adresse" in text
    assert UMLAUT in text


def test_else_the_form_says_so_in_plain_words(nord: District, server: Callable[..., Kept]) -> None:
    server(every_letter=False)
    send(nord, "erika@beispiel.example")
    assert not relay.takes_every_letter()
    with pytest.raises(ValidationError, match="andere Adresse oder Ihre Telefonnummer"):
        rules.check_email(UMLAUT)
    assert nord.client().post("/kontakt/", form(email=UMLAUT)).status_code == 422
    with nord.inside():
        assert not ContactRequest.objects.exists()


def test_a_server_that_offers_it_no_more_ends_this_mail_alone(
    nord: District, server: Callable[..., Kept]
) -> None:
    kept = server(every_letter=False)
    refused = send(nord, UMLAUT)
    send(nord, "erika@beispiel.example")
    assert Pointer.objects.get(message_uuid=refused.uuid).state == State.DEAD
    assert [envelope.rcpt_tos for envelope in kept.mails] == [["erika@beispiel.example"]]
