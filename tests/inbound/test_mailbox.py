"""Incoming mail out of a mailbox, with the real Postfix and Dovecot: nothing between is made up."""

import re
import smtplib
import threading
import time
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from imap_tools import MailBoxUnencrypted

from directory.contact import answering
from directory.contact.models import ContactRequest
from directory.ideas import services as ideas
from directory.ideas.models import Idea
from tests.cast import ACTOR, District, form, idea_form
from tests.inbound.reporting import latest, path_of, report, sent_to, state_of
from tests.inbound.servers import ARE_THERE, ELSEWHERE, REPLY_DOMAIN, Servers, servers
from tests.mails import caught, deliver_all
from wiq.inbound import imap
from wiq.inbound.reader import take_all
from wiq.mail import refused
from wiq.outbox.models import State

pytestmark = [
    pytest.mark.thorough,
    pytest.mark.skipif(not ARE_THERE, reason="needs root, postfix, dovecot-imapd and -lmtpd"),
]
TO = f"weg@{ELSEWHERE}"
BRINGER = "strang@post.example"
IMPATIENT = 20.0


@pytest.fixture(scope="module")
def real() -> Iterator[Servers]:
    with servers() as started:
        yield started


@pytest.fixture
def box(real: Servers, settings: Any) -> Iterator[imap.Imap]:
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", real.smtp
    settings.WIQ_REPLY_DOMAIN = REPLY_DOMAIN
    settings.WIQ_INBOUND_URL = real.url
    with imap.opened() as opened:
        yield opened


def hand_in(real: Servers, mail: bytes, to: str, sender: str = "") -> None:
    with smtplib.SMTP("127.0.0.1", real.smtp) as server:
        server.sendmail(sender, [to], mail)


def wait_and_take(box: imap.Imap) -> float:
    """Wait as the worker does; return for how many seconds the mailbox was silent."""
    began, stop = time.monotonic(), threading.Event()
    alarm = threading.Timer(IMPATIENT, stop.set)
    alarm.start()
    box.wait(stop)
    alarm.cancel()
    assert not stop.is_set(), "nothing came"
    take_all(box)
    return time.monotonic() - began


@pytest.mark.usefixtures("no_budget")
def test_what_another_server_refuses_later_comes_back_and_marks_the_address(
    nord: District, real: Servers, box: imap.Imap
) -> None:
    for _time in range(refused.HARD):
        sent_to(nord, TO)
        assert wait_and_take(box) < 3
        assert state_of(latest(nord, TO)) == State.DEAD
    with nord.inside():
        assert refused.is_marked(TO)
    assert box.waiting() == []
    assert list(box.box.uids()) == []  # nothing of residents stays in the mailbox


def test_an_absence_notice_changes_nothing_and_other_peoples_mail_stays(
    nord: District, real: Servers, box: imap.Imap
) -> None:
    message = sent_to(nord, f"da@{REPLY_DOMAIN.replace('antwort', 'post')}")
    path = path_of(message)
    hand_in(real, report("vacation", path), path)
    wait_and_take(box)
    assert list(box.box.uids()) == []
    hand_in(
        real,
        b"To: postmaster\nSubject: Guten Tag\n\nJemand da?",
        f"postmaster@{REPLY_DOMAIN}",
        "x@y.example",
    )
    wait_and_take(box)
    assert box.waiting() == []
    assert [mail.subject for mail in box.box.fetch(mark_seen=False)] == ["Guten Tag"]
    box.box.delete(box.box.uids())


def test_a_mail_that_names_us_in_the_envelope_alone_is_found(
    nord: District, real: Servers, box: imap.Imap
) -> None:
    path = path_of(sent_to(nord, "geheim@post.wiq.example"))
    returned = report("postfix", path).replace(
        f"To: {path}".encode(), b"To: undisclosed-recipients:;"
    )
    hand_in(real, returned.replace(b"Delivered-To", b"X-Old"), path)
    wait_and_take(box)
    assert state_of(latest(nord, "geheim@post.wiq.example")) == State.DEAD


@pytest.mark.usefixtures("no_budget")
def test_a_mail_program_shows_a_request_or_an_idea_as_one_thread(
    nord: District, real: Servers, maildir: Path
) -> None:
    nord.client().post("/kontakt/", form(email=BRINGER))
    nord.client().post("/idee/", idea_form(email=BRINGER))
    with nord.inside():
        request, idea = ContactRequest.objects.get(), Idea.objects.get()
        answering.answer(request, text="Gern, wir melden uns morgen.", actor=ACTOR)
        ideas.begin_review(idea, actor=ACTOR, note="Wir lesen sie.")
        ideas.ask_back(idea, actor=ACTOR, note="Wo genau?")
        ideas.reply(Idea.objects.get(), "Am Kanal.")
    deliver_all(nord)
    for address, counts in ((BRINGER, [2, 3]), ("ut@nord.example", [1, 2])):
        with MailBoxUnencrypted("127.0.0.1", real.imap).login(address, "geheim") as program:
            for one in in_mailbox(maildir, address, request.reference, idea.reference):
                program.append(one.as_bytes(), "INBOX")
            answer = program.client.thread("REFERENCES", "UTF-8", "ALL")
        assert sorted(sizes(answer[1][0].decode())) == counts


def sizes(threads: str) -> list[int]:
    """Return how many mails each thread of an answer holds (RFC 5256, 4)."""
    found, depth = [0], 0
    for token in re.findall(r"[()]|\d+", threads):
        depth += {"(": 1, ")": -1}.get(token, 0)
        found[-1] += token.isdigit()
        if token == ")" and depth == 0:
            found.append(0)
    return found[:-1]


def in_mailbox(maildir: Path, address: str, *references: str) -> list[EmailMessage]:
    """Return the mails about these for an address."""
    return [
        mail
        for mail in caught(maildir, address)
        if any(reference in mail["Subject"] for reference in references)
    ]
