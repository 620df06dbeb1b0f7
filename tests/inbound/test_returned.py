"""Mails that come back: each is found by its return path, and nobody can make one up."""

import smtplib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from directory.contact.models import ContactRequest
from tests.audited import said
from tests.cast import ACTOR, District, form
from tests.desk.test_today import page
from tests.editing.pressing import press
from tests.inbound.reporting import latest, path_of, report, sent_to, state_of
from tests.mails import caught, deliver_all
from wiq.accounts import invitations
from wiq.accounts.roles import Role
from wiq.inbound import receiving
from wiq.inbound.mailboxes import Outcome
from wiq.mail import refused, resending, return_paths
from wiq.mail.models import RefusedAddress
from wiq.mail.relay import Relay
from wiq.outbox.failures import Failure
from wiq.outbox.models import Pointer, State
from wiq.outbox.verdicts import About
from wiq.outbox.words import why
from wiq.reputation.models import Kind, Report
from wiq.submissions import deliveries

pytestmark = pytest.mark.usefixtures("no_budget")

# The catcher keeps the mails of all tests: to this address nobody else writes.
GONE, RIGHT = "weg@zurueck-hier.example", "da@zurueck-hier.example"
ADDRESSES = "/koordination/mail/refusedaddress/"
HARD = ("postfix", "exchange", "gmail", "qmail")


def marked(district: District, address: str) -> bool:
    with district.inside():
        return refused.is_marked(address)


def come_back(district: District, name: str = "postfix", address: str = GONE) -> Outcome:
    message = sent_to(district, address)
    return receiving.receive(report(name, path_of(message), address))


def test_each_mail_has_a_return_path_of_its_own_and_people_read_the_platform(
    nord: District, maildir: Path
) -> None:
    first, second = sent_to(nord, GONE), sent_to(nord, GONE)
    arrived = caught(maildir, GONE)[-2:]
    paths = [mail["X-WiQ-Envelope-From"] for mail in arrived]
    assert paths == [path_of(first), path_of(second)]
    assert len(set(paths)) == 2
    assert all(path.startswith("bounce+") and len(path.partition("@")[0]) <= 64 for path in paths)
    assert {mail["From"] for mail in arrived} == {"Wir im Quartier <post@wiq.example>"}


def test_without_a_way_in_the_return_path_is_the_sender_as_before(
    nord: District, maildir: Path, settings: object
) -> None:
    settings.WIQ_MAIL_CATCHER = ""  # type: ignore[attr-defined]
    sent_to(nord, "ohne@zurueck-hier.example")
    (arrived,) = caught(maildir, "ohne@zurueck-hier.example")
    assert arrived["X-WiQ-Envelope-From"] == "post@wiq.example"


@pytest.mark.parametrize("name", HARD)
def test_a_refusal_later_is_read_like_one_at_once(nord: District, name: str) -> None:
    message = sent_to(nord, GONE)
    assert state_of(message) == State.SENT
    assert receiving.receive(report(name, path_of(message), GONE)) == Outcome.BOUNCE
    pointer = Pointer.objects.get(message_uuid=message.uuid)
    assert pointer.state == State.DEAD
    assert "nimmt für diese Adresse nichts an (SMTP 550)" in why(pointer.last_error)
    assert GONE not in pointer.last_error
    with nord.inside():
        request = ContactRequest.objects.get()
        assert deliveries.to_sender(request).known == deliveries.Known.REFUSED
        row = RefusedAddress.objects.get()
        assert (row.address, row.hard, row.soft) == (GONE, 1, 0)
        assert GONE not in row.words


def test_a_second_final_refusal_marks_the_address_and_nothing_more_is_sent_there(
    nord: District, sued: District, maildir: Path
) -> None:
    assert come_back(nord) == Outcome.BOUNCE
    assert not marked(nord, GONE)
    come_back(nord, "gmail")
    assert marked(nord, GONE.upper())
    assert not marked(sued, GONE)
    with nord.inside():
        assert said("refusedaddress.") == [("refusedaddress.marked", "system")]
    before = len(caught(maildir, GONE))
    nord.client().post("/kontakt/", form(email=GONE))
    deliver_all(nord)
    held = latest(nord, GONE)
    assert state_of(held) == State.DEAD
    assert len(caught(maildir, GONE)) == before
    # The team learns of it all the same.
    assert Pointer.objects.filter(state=State.SENT).count() == 3


def test_five_mails_that_a_full_mailbox_sent_back_mark_the_address(nord: District) -> None:
    for _time in range(4):
        come_back(nord, "postfix_full")
    assert not marked(nord, GONE)
    come_back(nord, "postfix_full")
    assert marked(nord, GONE)


def test_what_is_about_us_or_only_late_says_nothing_about_the_address(nord: District) -> None:
    message = sent_to(nord, GONE)
    path = path_of(message)
    assert receiving.receive(report("postfix_delayed", path, GONE)) == Outcome.IGNORED
    assert receiving.receive(report("vacation", path, GONE)) == Outcome.IGNORED
    assert state_of(message) == State.SENT
    assert receiving.receive(report("spam", path, GONE)) == Outcome.BOUNCE
    assert state_of(message) == State.DEAD
    with nord.inside():
        assert not RefusedAddress.objects.exists()
    assert Report.objects.filter(kind=Kind.BOUNCE, district_id=nord.row.pk).count() == 1


def test_the_same_report_twice_counts_once_and_an_old_one_is_worth_nothing(nord: District) -> None:
    message = sent_to(nord, GONE)
    path = path_of(message)
    said_twice = report("postfix", path, GONE)
    assert receiving.receive(said_twice) == Outcome.BOUNCE
    assert receiving.receive(b"Received: from elsewhere\n" + said_twice) == Outcome.BOUNCE
    assert receiving.receive(report("exchange", path, GONE)) == Outcome.IGNORED
    with nord.inside():
        assert RefusedAddress.objects.get().hard == 1
        resending.send_again(message, actor=ACTOR)
    deliver_all(nord)
    # The path of the first try is used up; the second has its own.
    assert receiving.receive(report("gmail", path, GONE)) == Outcome.IGNORED
    again = latest(nord, GONE)
    assert state_of(again) == State.SENT
    assert path_of(again) != path
    assert receiving.receive(report("qmail", path_of(again), GONE)) == Outcome.BOUNCE


def test_forged_and_borrowed_return_paths_change_nothing(nord: District, sued: District) -> None:
    message, other = sent_to(nord, GONE), sent_to(sued, GONE)
    token = return_paths.token_of(message)
    path = path_of(message)
    forged = [
        path.replace(token, token[:-1] + ("a" if token[-1] != "a" else "b")),
        path.replace(token, token[:26] + return_paths.token_of(other)[26:]),
        path.replace(token, token[:-2]),
        path.replace(token, "a" * 42),
        path.replace("@localhost", "@anderswo.example"),
        path.replace("bounce+", "anders+"),
        "post@wiq.example",
    ]
    for number, made_up in enumerate(forged):
        mail = report("postfix", made_up, GONE) + f"{number}".encode()
        assert receiving.receive(mail) == Outcome.IGNORED, made_up
    assert (state_of(message), state_of(other)) == (State.SENT, State.SENT)
    # What the report says of the recipient counts for nothing: the mail's own address does.
    receiving.receive(report("postfix", path, "vorstand@fremd.example"))
    with nord.inside():
        assert [row.address for row in RefusedAddress.objects.all()] == [GONE]
    with sued.inside():
        assert not RefusedAddress.objects.exists()


def test_a_corrected_address_starts_anew_and_old_reports_do_not_reach_it(nord: District) -> None:
    message = sent_to(nord, GONE)
    old = path_of(message)
    receiving.receive(report("postfix", old, GONE))
    with nord.inside():
        resending.correct_address(message, RIGHT, actor=ACTOR)
    deliver_all(nord)
    corrected = latest(nord, RIGHT)
    assert receiving.receive(report("exchange", old, RIGHT)) == Outcome.IGNORED
    assert state_of(corrected) == State.SENT
    assert not marked(nord, RIGHT)


def test_whoever_sends_again_or_lifts_the_mark_writes_to_the_address_again(
    nord: District, maildir: Path
) -> None:
    come_back(nord)
    come_back(nord)
    nord.client().post("/kontakt/", form(email=GONE))
    held = latest(nord, GONE)
    before = len(caught(maildir, GONE))
    with nord.inside():
        resending.send_again(held, actor=ACTOR)
        assert said("refusedaddress.")[-1] == ("refusedaddress.lifted", ACTOR)
    deliver_all(nord)
    assert not marked(nord, GONE)
    assert len(caught(maildir, GONE)) == before + 1


def test_what_an_address_refuses_at_once_counts_as_well(nord: District) -> None:
    with nord.inside():
        final = Failure("SMTP 550 5.1.1: recipient refused", About.RECIPIENT, "550 5.1.1 unknown")
        refused.note(GONE, final)
        refused.note(GONE, final)
        assert refused.is_marked(GONE)


def test_nothing_is_held_that_opens_an_account(nord: District, maildir: Path) -> None:
    come_back(nord)
    come_back(nord)
    with nord.inside():
        invitations.invite(email=GONE, name="Neu", role=Role.EDITOR, actor=ACTOR)
    assert state_of(latest(nord, GONE)) == State.PENDING


def test_counts_and_marks_are_forgotten_and_a_complaint_is_not(nord: District) -> None:
    now = timezone.now()
    final = Failure("SMTP 550 5.1.1: recipient refused", About.RECIPIENT, "550 5.1.1 unknown")
    with nord.inside():
        for address, times in (("a@x.example", 1), ("b@x.example", 2), ("c@x.example", 1)):
            for _time in range(times):
                refused.note(address, final)
        refused.note_complaint("c@x.example")
        assert refused.forget_old() == 0
        old = now - refused.COUNTED - timedelta(days=1)
        RefusedAddress.objects.update(last_at=old)
        assert refused.forget_old() == 1
        RefusedAddress.objects.filter(address="b@x.example").update(marked_at=now - refused.MARKED)
        assert refused.forget_old() == 1
        assert [row.address for row in RefusedAddress.objects.all()] == ["c@x.example"]


def test_the_desk_shows_a_marked_address_and_a_coordinator_writes_to_it_again(
    nord: District, sued: District
) -> None:
    come_back(nord)
    come_back(nord, "gmail")
    with nord.inside():
        row = RefusedAddress.objects.get()
    url = f"{ADDRESSES}{row.pk}/change/"
    assert url in page(nord)
    assert GONE not in page(sued)
    client = nord.signed_in("coordinator")
    assert GONE in client.get(ADDRESSES).content.decode()
    shown = client.get(url).content.decode()
    assert "Recipient address rejected" in shown or "does not exist" in shown
    press(client, url, "address:lift")
    assert not marked(nord, GONE)
    assert GONE not in client.get(ADDRESSES).content.decode()
    assert nord.signed_in("editor").get(ADDRESSES).status_code == 403


def test_a_mail_server_that_takes_its_own_sender_alone_gets_the_mail_without_a_path(
    nord: District, maildir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_over = Relay._send

    def own_alone(self: Relay, written: Any) -> bool:
        if "bounce+" in written.from_email:
            raise smtplib.SMTPSenderRefused(553, b"5.7.1 not owned by user", written.from_email)
        return hand_over(self, written)

    monkeypatch.setattr(Relay, "_send", own_alone)
    message = sent_to(nord, "eng@zurueck-hier.example")
    assert state_of(message) == State.SENT
    (arrived,) = caught(maildir, "eng@zurueck-hier.example")
    assert arrived["X-WiQ-Envelope-From"] == "post@wiq.example"
