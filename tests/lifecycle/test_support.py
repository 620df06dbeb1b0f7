"""Support visits: with a reason, by a one-time link, seen by everybody, over when time is up."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from django_tenants.utils import tenant_context

from tenants.lifecycle import services
from tenants.visits import support
from tests.audited import details, said
from tests.cast import District, project_team
from tests.editing.pressing import press
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
        assert "support.entered" in actions
        entered = Entry.objects.get(action="support.entered")
        assert entered.details["reason"] == "Frage zum Leitfaden"
    assert Entry.objects.filter(action="support.opened", actor=member.email).exists()


def test_a_link_works_once_soon_and_here_alone(
    nord: District, sued: District, member: User
) -> None:
    path = visit(nord, member)
    assert sued.client().post(path).status_code == 410
    assert nord.client().post(path).status_code == 302
    assert nord.client().post(path).status_code == 410


def test_a_visit_that_nobody_enters_changes_nothing_in_the_district(
    nord: District, sued: District, member: User
) -> None:
    with nord.inside():
        before = Entry.objects.count()
    path = visit(nord, member)
    nord.client().get(path)
    with nord.inside():
        assert not User.objects.filter(expires_at__isnull=False).exists()
        assert Entry.objects.count() == before
    assert said("support.") == [("support.opened", member.email)]
    assert sued.client().post(path).status_code == 410
    assert nord.client().post(path).status_code == 302


@pytest.mark.parametrize("ended_by", ["visitor", "coordinator"])
def test_a_button_ends_a_visit_before_its_time(
    nord: District, sued: District, member: User, ended_by: str
) -> None:
    visitor, other = nord.client(), sued.client()
    visitor.post(visit(nord, member))
    other.post(visit(sued, member))
    presses = visitor if ended_by == "visitor" else nord.signed_in("coordinator")
    assert "Besuch beenden" in presses.get("/koordination/").content.decode()
    answer = presses.post("/anmelden/besuch/beenden/")
    if ended_by == "visitor":
        assert "http://localhost:8000/plattform/" in answer.content.decode()
    else:
        assert answer["Location"] == "/koordination/"
        assert "Besuch beenden" not in presses.get("/koordination/").content.decode()
    assert visitor.get("/koordination/").status_code == 302
    with nord.inside():
        assert not User.objects.filter(expires_at__isnull=False).exists()
        by = (
            f"Projektteam ({member.email})" if ended_by == "visitor" else "coordinator@nord.example"
        )
        assert ("support.ended", by) in said("support.")
    # The other district's visit goes on.
    assert other.get("/koordination/").status_code == 200


@pytest.mark.parametrize(("role", "status"), [("editor", 403), (None, 200)])
def test_nobody_but_visitor_and_coordination_ends_a_visit(
    nord: District, member: User, role: str | None, status: int
) -> None:
    nord.client().post(visit(nord, member))
    client = nord.signed_in(role) if role else nord.client()
    assert client.post("/anmelden/besuch/beenden/").status_code == status
    assert client.get("/anmelden/besuch/beenden/").status_code == 405
    with nord.inside():
        assert User.objects.filter(expires_at__isnull=False).exists()


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
    console = Client(headers={"host": "localhost"})
    console.force_login(member)
    url = f"/plattform/districts/district/{nord.row.pk}/change/"
    page = press(
        console, url, "visit:visit", reason="Hilfe beim Bild", minutes="60"
    ).content.decode()
    assert page.count('"http://nord.localhost:8000/anmelden/uebergabe/') == 1
    assert 'content="0; url=http://nord.localhost:8000/anmelden/uebergabe/' in page


def test_the_link_holds_for_two_minutes(nord: District, member: User) -> None:
    path = visit(nord, member)
    with nord.inside():
        for key in cache.keys("visits.opened.*"):
            assert cache.ttl(key) <= 120
            cache.expire(key, 0)
    assert nord.client().post(path).status_code == 410


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
        assert said("support.") == [("support.entered", f"Projektteam ({member.email})")]
        assert details("support.entered") == [why]
    log = nord.signed_in("coordinator").get("/koordination/audit/entry/").content.decode()
    assert "ist für 30 Minuten zu Besuch gekommen. Grund: Frage zum Leitfaden" in log


def test_a_link_that_many_follow_at_once_lets_one_in(nord: District, member: User) -> None:
    path = visit(nord, member)
    with nord.inside():
        word = support.LINK.held_or_none(path.rstrip("/").rpartition("/")[2])
    assert word is not None
    row, prefix = nord.row, cache.key_prefix

    def as_here() -> None:
        cache.key_prefix = prefix

    def take(_number: int) -> bool:
        with tenant_context(row):
            return support._taken(word) is not None

    with ThreadPoolExecutor(8, initializer=as_here) as pool:
        assert sum(pool.map(take, range(32))) == 1
