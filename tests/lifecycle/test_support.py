"""Support visits: with a reason, by a one-time link, seen by everybody, over when time is up."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from tenants.lifecycle import services
from tenants.visits import support
from tests.audited import details, said
from tests.cast import District, project_team
from tests.locks import row_locks
from wiq.accounts.models import User
from wiq.audit.models import Entry

MOMENT = datetime(2026, 3, 28, 23, 30, tzinfo=UTC)


@pytest.fixture
def member(nord: District) -> User:
    return project_team()


def visit(district: District, member: User, reason: str = "Frage zum Leitfaden") -> str:
    link = support.open_visit(district.row, reason=reason, minutes=30, actor=member)
    return link.partition("8000")[2]


def test_a_visit_begins_with_a_button_and_everybody_sees_it(nord: District, member: User) -> None:
    path = visit(nord, member)
    client = nord.client()
    assert "Betreten" in client.get(path).content.decode()
    assert client.get("/koordination/").status_code == 302
    assert client.post(path)["Location"] == "/anmelden/weiter/"
    assert client.get("/koordination/contact/contactrequest/").status_code == 200
    banner = "Besuch: Projektteam (team@plattform.example)"
    for desk in (client, nord.signed_in("coordinator")):
        page = desk.get("/koordination/").content.decode()
        assert banner in page
        assert "Frage zum Leitfaden" in page
    with nord.inside():
        actions = set(Entry.objects.values_list("action", flat=True))
        assert {"support.opened", "support.entered"} <= actions
        assert Entry.objects.get(action="support.opened").details["reason"] == "Frage zum Leitfaden"
    assert Entry.objects.filter(action="support.opened", actor=member.email).exists()


def test_a_link_works_once_soon_and_here_alone(
    nord: District, sued: District, member: User
) -> None:
    path = visit(nord, member)
    assert sued.client().post(path).status_code == 410
    assert nord.client().post(path).status_code == 302
    assert nord.client().post(path).status_code == 410
    late = visit(nord, member)
    with nord.inside():
        User.objects.filter(expires_at__isnull=False).update(
            created_at=timezone.now() - timedelta(minutes=3)
        )
    assert nord.client().post(late).status_code == 410


def test_a_visit_ends_when_time_is_up_and_leaves_no_account(nord: District, member: User) -> None:
    client = nord.client()
    client.post(visit(nord, member))
    with nord.inside():
        User.objects.filter(expires_at__isnull=False).update(expires_at=timezone.now())
    assert client.get("/koordination/").status_code == 302
    assert "Besuch:" not in nord.signed_in("coordinator").get("/koordination/").content.decode()
    with nord.inside():
        assert services.tend()["visits_ended"] == 1
        assert not User.objects.filter(expires_at__isnull=False).exists()


def test_a_visit_needs_a_reason_and_counts_as_nobody(nord: District, member: User) -> None:
    with pytest.raises(ValidationError, match="Grund"):
        support.open_visit(nord.row, reason=" ", minutes=30, actor=member)
    with pytest.raises(ValidationError):
        support.open_visit(nord.row, reason="Hilfe", minutes=100_000, actor=member)
    nord.client().post(visit(nord, member))
    with nord.inside():
        assert User.objects.with_role("coordinator").count() == 1


def test_the_console_leads_into_the_district(nord: District, member: User) -> None:
    from tests.console.test_console import change

    console = Client(headers={"host": "localhost"})
    console.force_login(member)
    answer = change(console, nord, visit_reason="Hilfe beim Bild", visit_minutes="60")
    assert answer["Location"].startswith("http://nord.localhost:8000/anmelden/uebergabe/")


@pytest.mark.parametrize(("seconds", "status"), [(120, 302), (121, 410)])
def test_the_link_holds_for_two_minutes(
    nord: District, member: User, seconds: int, status: int
) -> None:
    with time_machine.travel(MOMENT, tick=False):
        path = visit(nord, member)
    with time_machine.travel(MOMENT + timedelta(seconds=seconds), tick=False):
        assert nord.client().post(path).status_code == status


@pytest.mark.parametrize("minutes", [30, 60, 240])
def test_a_visit_lasts_as_long_as_was_said_and_so_does_its_session(
    nord: District, member: User, minutes: int
) -> None:
    over = MOMENT + timedelta(minutes=minutes)
    client = nord.client()
    with time_machine.travel(MOMENT, tick=False):
        link = support.open_visit(nord.row, reason="Hilfe", minutes=minutes, actor=member)
        entered = client.post(link.partition("8000")[2])
        assert entered.cookies["session"]["max-age"] == minutes * 60
    with nord.inside():
        assert User.objects.get(expires_at__isnull=False).expires_at == over
    for seconds, ended in ((-1, 0), (0, 1)):
        with time_machine.travel(over + timedelta(seconds=seconds), tick=False), nord.inside():
            assert support.end_all_over() == ended
    with nord.inside():
        assert said("account.removed") == [("account.removed", "system")]
        # Only the visitor went.
        assert User.objects.count() == 2


@pytest.mark.parametrize("minutes", [0, 29, 31, 241, 480])
def test_a_visit_has_no_other_length(nord: District, member: User, minutes: int) -> None:
    with pytest.raises(ValidationError):
        support.open_visit(nord.row, reason="Hilfe", minutes=minutes, actor=member)


def test_both_logs_say_who_visits_why_and_for_how_long(nord: District, member: User) -> None:
    nord.client().post(visit(nord, member))
    why = {"reason": "Frage zum Leitfaden", "minutes": 30}
    assert said("support.") == [("support.opened", member.email)]
    assert details("support.opened") == [why]
    with nord.inside():
        assert said("support.") == [
            ("support.opened", member.email),
            ("support.entered", f"Projektteam ({member.email})"),
        ]
        assert details("support.opened") == [why]


def test_a_link_that_two_follow_at_once_lets_one_in(nord: District, member: User) -> None:
    path = visit(nord, member)
    with row_locks() as locked:
        nord.client().post(path)
    assert "accounts_user" in locked
