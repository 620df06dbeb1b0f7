"""What others report of a district's mails is counted; too much of it slows the district."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db.models import F
from django.db.models.functions import Now

from tenants.console import services as console
from tenants.console.models import Alarm, AlarmKind
from tenants.provisioning import removal
from tests.cast import District
from tests.desk.test_today import page
from tests.inbound.reporting import path_of, report, sent_to, state_of
from tests.mails import caught, deliver_all
from wiq.accounts import invitations
from wiq.accounts.roles import Role
from wiq.inbound import receiving
from wiq.inbound.mailboxes import Outcome
from wiq.mail import refused, sending
from wiq.mail import services as mail
from wiq.mail.inbound import complaints_address
from wiq.mail.models import Message
from wiq.mail.pace import domain_key, pace
from wiq.metrics.measures import measures
from wiq.outbox.models import Pointer, State
from wiq.reputation import services as reputation
from wiq.reputation.models import WINDOW, Kind, Report, Slowed
from wiq.reputation.services import Figures
from wiq.senders.models import Sender

TO = "ruf@zaehlen-hier.example"


def reported(district: District, kind: Kind, times: int) -> None:
    number = district.row.pk
    Report.objects.bulk_create(Report(district_id=number, kind=kind) for _time in range(times))


@pytest.mark.parametrize(
    ("sent", "bounces", "complaints", "over"),
    [
        (100, 9, 2, None),  # too few to say anything
        (1000, 50, 3, None),  # exactly the ceiling
        (1000, 51, 0, Kind.BOUNCE),
        (200, 10, 0, None),
        (199, 10, 0, Kind.BOUNCE),
        (999, 0, 3, Kind.COMPLAINT),
        (999, 100, 3, Kind.COMPLAINT),
        (0, 0, 0, None),
    ],
)
def test_the_ceiling(sent: int, bounces: int, complaints: int, over: Kind | None) -> None:
    assert Figures(sent, bounces, complaints).over() == over


def test_a_complaint_ends_the_news_and_is_counted_without_a_word_of_whom(
    nord: District, sued: District
) -> None:
    path = path_of(sent_to(nord, TO))
    mail_ = report("complaint", path, TO, COMPLAINTS=complaints_address())
    assert receiving.receive(mail_) == Outcome.BOUNCE
    with nord.inside():
        assert refused.complained(TO)
        assert not refused.is_marked(TO)
    with sued.inside():
        assert not refused.complained(TO)
    assert [(row.district_id, row.kind) for row in Report.objects.all()] == [
        (nord.row.pk, Kind.COMPLAINT)
    ]


def test_a_complaint_that_is_sent_again_in_other_words_counts_once(nord: District) -> None:
    path = path_of(sent_to(nord, TO))
    mail_ = report("complaint", path, TO, COMPLAINTS=complaints_address())
    for number in range(4):
        again = mail_.replace(b"Message-ID: <", b"Message-ID: <%d." % number)
        assert again != mail_
        assert receiving.receive(again) == Outcome.BOUNCE
    assert Report.objects.count() == 1


def test_a_forged_complaint_changes_nothing(nord: District) -> None:
    path = path_of(sent_to(nord, TO))
    to = complaints_address()
    elsewhere = report("complaint", path, TO, COMPLAINTS=to.replace("+", "+0"))
    other_mail = report("complaint", f"{path[:-20]}aaaa{path[-16:]}", TO, COMPLAINTS=to)
    no_spam = report("complaint", path, TO, COMPLAINTS=to).replace(b": abuse", b": not-spam")
    for forged in (elsewhere, other_mail, no_spam):
        assert receiving.receive(forged) == Outcome.IGNORED
    assert not Report.objects.exists()


@pytest.mark.thorough
def test_a_district_over_the_ceiling_is_slowed_and_told_and_its_neighbour_is_not(
    nord: District, sued: District, maildir: Path
) -> None:
    reported(nord, Kind.BOUNCE, 10)
    assert reputation.review() == 1
    for district in (nord, sued):
        with district.inside():
            for number in range(3):
                about = Message.objects.first() or mail.enqueue(
                    kind="test",
                    to=f"vor{number}@{district.slug}-ruf.example",
                    subject="S",
                    text="T",
                )
                mail.enqueue(
                    kind="test", to=f"langsam{number}@{district.slug}-ruf.example", subject="S",
                    text="T", about=about,
                )  # fmt: skip
        deliver_all(district)
    sent = {
        d.slug: sum(len(caught(maildir, f"langsam{n}@{d.slug}-ruf.example")) for n in range(3))
        for d in (nord, sued)
    }
    assert sent == {"nord": 1, "sued": 3}
    waiting = Pointer.objects.filter(district_id=nord.row.pk, state=State.PENDING)
    assert waiting.count() == 2
    assert waiting.filter(next_at__gt=Now(), attempts=0, lease=None).count() == 2
    assert "Zu viele kamen zurück" in page(nord)
    assert "Zu viele kamen zurück" not in page(sued)
    console.count(nord.row)
    console.raise_alarms()
    found = Alarm.objects.open().filter(kind=AlarmKind.REPUTATION)
    assert [alarm.district for alarm in found] == [nord.row]


def test_a_mail_that_waits_for_a_slow_recipient_takes_no_turn_of_its_district(
    nord: District, maildir: Path
) -> None:
    reported(nord, Kind.BOUNCE, 10)
    reputation.review()
    with nord.inside():
        about = mail.enqueue(kind="test", to="anlass@turn.example", subject="S", text="T")
        for to in ("wer@traege-turn.example", "wer@flink-turn.example"):
            mail.enqueue(kind="test", to=to, subject="S", text="T", about=about)
    pace.note(domain_key("wer@traege-turn.example"), 5.0)
    try:
        with sending._slow_lane:
            sending.send_waiting()
    finally:
        pace.forget()
    assert len(caught(maildir, "wer@flink-turn.example")) == 1
    assert not caught(maildir, "wer@traege-turn.example")


def test_it_goes_on_one_after_the_other_and_ends_by_itself(nord: District) -> None:
    reported(nord, Kind.COMPLAINT, 3)
    reputation.review()
    number = nord.row.pk
    assert [reputation.take_turn(number), reputation.take_turn(number)] == [True, False]
    Slowed.objects.update(next_at=F("next_at") - reputation.EVERY)
    assert reputation.take_turn(number)
    Report.objects.update(at=Now() - WINDOW - timedelta(hours=1))
    assert reputation.review() == 0
    assert not Slowed.objects.exists()


def test_whoever_waits_for_a_mail_of_an_account_does_not_wait_longer(
    nord: District, maildir: Path
) -> None:
    reported(nord, Kind.BOUNCE, 10)
    reputation.review()
    reputation.take_turn(nord.row.pk)
    with nord.inside():
        invitations.invite(
            email="neu@zaehlen-hier.example", name="Neu", role=Role.EDITOR, actor="test"
        )
        invited = Message.objects.get(to="neu@zaehlen-hier.example")
    deliver_all(nord)
    assert state_of(invited) == State.SENT


def test_console_and_metrics_count_both(nord: District, sued: District) -> None:
    sent_to(nord, TO)
    reported(nord, Kind.BOUNCE, 2)
    reported(nord, Kind.COMPLAINT, 1)
    vital = console.count(nord.row)
    assert (vital.mails_returned, vital.mails_complained) == (2, 1)
    assert vital.mails_sent == 2
    assert console.count(sued.row).mails_returned == 0
    asked = {measure.name: list(measure.ask()) for measure in measures}
    assert (("bounce",), 2) in asked["wiq_mails_reported"]
    assert ((str(nord.row.pk), "complaint"), 1) in asked["wiq_district_mails_reported"]
    assert asked["wiq_districts_slowed"] == [((), 0)]


def test_a_removed_district_leaves_no_figures_and_no_sender(nord: District, sued: District) -> None:
    for district in (nord, sued):
        reported(district, Kind.BOUNCE, 10)
        Sender.objects.create(district_id=district.row.pk, name="N", address="a@b.example")
    reputation.review()
    kept = sued.row.pk
    removal.remove(nord.row)
    for model in (Report, Slowed, Sender):
        assert set(model.objects.values_list("district_id", flat=True)) == {kept}
