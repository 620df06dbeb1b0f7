"""In the embedded stack the catcher is the mailbox: what is addressed to us comes in."""

import mailbox
import os
import smtplib
import threading
from typing import Any

import pytest
from django.test import Client

from directory.contact.models import ContactRequest
from directory.conversations.models import HeldMail
from tests.cast import District, form
from tests.inbound.hostile_mails import HOSTILE
from tests.inbound.reporting import path_of, report, sent_to, state_of
from tests.mails import deliver_all
from tests.stack.running import eventually
from wiq.embedded.catcher import NAME
from wiq.inbound import maildir, reader, receiving
from wiq.mail.models import Message
from wiq.outbox.models import State

TO = "weg@faenger-hier.example"


@pytest.fixture
def box(settings: Any) -> Any:
    with maildir.opened() as opened:
        yield opened


def hand_in(settings: Any, mail: bytes, to: str) -> None:
    with smtplib.SMTP("127.0.0.1", settings.EMAIL_PORT) as server:
        server.sendmail("", [to], mail.replace(b"\n", b"\r\n"))


def mine(box: Any, word: str) -> bool:
    return any(word.encode() in box.content(key) for key in box.waiting())


def test_what_the_catcher_took_for_us_is_read_and_gone(
    nord: District, settings: Any, box: Any
) -> None:
    message = sent_to(nord, TO)
    path = path_of(message)
    hand_in(settings, report("postfix", path, TO), path)
    box.wait(threading.Event())
    eventually(lambda: mine(box, path), 5)
    reader.take_all(box)
    assert state_of(message) == State.DEAD
    assert not mine(box, path)


def test_other_mails_stay_in_the_postbox_alone(settings: Any, box: Any) -> None:
    for to in ("frau+mann@elders.example", "post@localhost"):
        hand_in(settings, f"To: {to}\n\nnur-im-postfach".encode(), to)
    assert not mine(box, "nur-im-postfach")


def test_a_mail_that_breaks_its_room_is_put_aside_and_holds_up_no_other(
    nord: District, settings: Any, box: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, good = (path_of(sent_to(nord, f"{n}@faenger-hier.example")) for n in (1, 2))
    receive = receiving.receive

    def fails(content: bytes) -> Any:
        if broken.encode() in content:
            raise RuntimeError("a fault of ours")
        return receive(content)

    monkeypatch.setattr(receiving, "receive", fails)
    for path in (broken, good):
        hand_in(settings, report("postfix", path), path)
    eventually(lambda: mine(box, broken) and mine(box, good), 5)
    reader.take_all(box)
    assert not mine(box, broken)
    assert any(broken.encode() in file.read_bytes() for file in (box.new.parent / "cur").iterdir())
    assert not mine(box, good)


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_a_mail_that_nothing_takes_apart_holds_up_no_other(
    nord: District, settings: Any, box: Any, hostile: bytes
) -> None:
    good = path_of(sent_to(nord, "4@faenger-hier.example"))
    hand_in(settings, report("postfix", good), good)
    eventually(lambda: mine(box, good), 5)
    first = min(file.stat().st_mtime for file in box.new.iterdir()) - 1
    (box.new / "feindlich").write_bytes(hostile)
    os.utime(box.new / "feindlich", (first, first))
    reader.take_all(box)
    assert not mine(box, good)
    assert (box.new.parent / "cur" / "feindlich:2,F").read_bytes() == hostile


def test_while_the_database_is_away_a_mail_waits(
    nord: District, settings: Any, box: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import OperationalError

    path = path_of(sent_to(nord, "3@faenger-hier.example"))

    def away(content: bytes) -> Any:
        raise OperationalError("gone")

    hand_in(settings, report("postfix", path), path)
    eventually(lambda: mine(box, path), 5)
    with monkeypatch.context() as patch:
        patch.setattr(receiving, "receive", away)
        with pytest.raises(OperationalError):
            reader.take_all(box)
    assert mine(box, path)
    reader.take_all(box)
    assert not mine(box, path)


@pytest.mark.parametrize(
    ("sender", "state"), [("ut@nord.example", "answered"), ("fremd@anderswo.example", "new")]
)
def test_a_mail_of_the_postbox_is_answered_there(
    nord: District, platform: Client, settings: Any, box: Any, maildir: Any, sender: str, state: str
) -> None:
    settings.WIQ_INBOUND_AUTHSERV = NAME
    nord.client().post("/kontakt/", form(email="kreis@faenger-hier.example"))
    deliver_all(nord)
    with nord.inside():
        team = Message.objects.get(kind="contact.team")
    held = mailbox.Maildir(maildir)
    key = next(key for key in held.iterkeys() if str(team.uuid).encode() in held.get_bytes(key))
    assert 'name="text"' in platform.get(f"/postfach/{key}/").content.decode()
    typed = {"von": sender, "text": "Gern, am Freitag."}
    assert platform.post(f"/postfach/{key}/antworten/", typed).status_code == 302
    reader.take_all(box)
    with nord.inside():
        assert ContactRequest.objects.get().state == state
        assert HeldMail.objects.exists() is (state == "new")


def test_nobody_else_speaks_for_the_catcher(settings: Any, box: Any) -> None:
    forged = f"Authentication-Results: {NAME}; dmarc=pass header.from=b.example\nTo: x\n\nfalsches-siegel"
    hand_in(settings, forged.encode(), "anfrage+abcdefgh@localhost")
    eventually(lambda: mine(box, "falsches-siegel"), 5)
    (key,) = [key for key in box.waiting() if b"falsches-siegel" in box.content(key)]
    assert b"Authentication-Results" not in box.content(key)
    box.done(key)
