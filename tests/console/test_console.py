"""The console: numbers of every district, alarms, and what the project team does with a district."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from directory.contact.models import ContactRequest
from directory.conversations.models import Conversation
from tenants.console import services, tasks
from tenants.console.models import Alarm, Snapshot, Vital
from tenants.districts.models import District as Row
from tests.cast import District, body
from tests.editing.pressing import press
from wiq.accounts.models import Invitation, User
from wiq.mail.models import Message
from wiq.version import VERSION

PUBLIC = {"_schema_name": "public"}


def write(district: District, days_ago: int = 0) -> None:
    district.client().post("/api/v1/contact-requests/", body(), content_type="application/json")
    with district.inside():
        then = timezone.now() - timedelta(days=days_ago)
        ContactRequest.objects.update(created_at=then)
        Conversation.objects.update(since=then)


def page_of(district: District) -> str:
    return f"/plattform/districts/district/{district.row.pk}/change/"


def test_a_district_is_counted_in_numbers_alone(nord: District, sued: District) -> None:
    write(nord, days_ago=19)
    tasks.count.apply(headers={"_schema_name": nord.row.schema_name}, throw=True)
    vital = Vital.objects.get()
    assert (vital.people, vital.teams, vital.solution_teams) == (1, 2, 2)
    assert (vital.requests_open, vital.requests_overdue, vital.oldest_days) == (1, 1, 19)
    assert vital.unconfirmed == 1
    assert vital.schema_version > 20
    assert vital.bytes_stored > 100_000
    assert "Erika" not in str(vars(vital))
    services.count(nord.row)
    assert Snapshot.objects.count() == 1


def test_alarms_are_told_once_and_end_by_themselves(nord: District, sued: District) -> None:
    write(nord, days_ago=19)
    Row.objects.filter(slug="sued").update(created_at=timezone.now() - timedelta(days=61))
    for district in (nord, sued):
        services.count(district.row)
    raised = services.raise_alarms()
    assert {(alarm.district.slug, alarm.kind) for alarm in raised} == {
        ("nord", "overdue"), ("sued", "silent"),
    }  # fmt: skip
    mail = Message.objects.get(kind="console.alarms")
    assert mail.to == "team@plattform.example"
    assert "Nordviertel: Anfragen warten zu lange" in mail.text
    assert services.raise_alarms() == []
    with nord.inside():
        Conversation.objects.update(state="answered", turn="theirs")
    with sued.inside():
        User.objects.update(last_login=timezone.now())
    for district in (nord, sued):
        services.count(district.row)
    services.raise_alarms()
    assert not Alarm.objects.filter(ended_at__isnull=True).exists()
    assert Message.objects.filter(kind="console.alarms").count() == 1


def test_the_night_tidies_the_platform(nord: District) -> None:
    tasks.nightly.apply(headers=PUBLIC, throw=True)


def test_the_console_shows_who_needs_help_and_how_it_went(nord: District, console: Client) -> None:
    write(nord, days_ago=19)
    services.count(nord.row)
    services.raise_alarms()
    page = console.get("/plattform/").content.decode()
    assert "Anfragen warten zu lange" in page
    listed = console.get("/plattform/console/vital/?o=-8").content.decode()
    assert "Nordviertel" in listed
    helped = console.get("/plattform/console/vital/?hilfe=ja").content.decode()
    assert "Nordviertel" in helped
    one = console.get(f"/plattform/console/vital/{Vital.objects.get().pk}/change/")
    assert "offene Anfragen: erst 1, jetzt 1" in one.content.decode()


def test_the_consoles_first_page_says_which_version_runs(nord: District, console: Client) -> None:
    assert f"WiQ {VERSION}" in console.get("/plattform/").content.decode()


def test_a_state_is_changed_with_a_reason_and_publishing_says_what_lacks(
    nord: District, console: Client
) -> None:
    press(console, page_of(nord), "state:to_hidden", reason="Umbau")
    assert nord.row.state == "hidden"
    assert "Der Zustand ist jetzt „verborgen“." in console.get(page_of(nord)).content.decode()
    Row.objects.filter(slug="nord").update(passed_gate_at=None)  # as if it had never been public
    page = press(console, page_of(nord), "state:to_published").content.decode()
    assert "Träger des Quartiers" in page
    assert nord.row.state == "hidden"


def test_a_lost_first_invitation_locks_nobody_out(nord: District, console: Client) -> None:
    press(console, page_of(nord), "coordination:invite", email="neu@nord.example")
    with nord.inside():
        assert Invitation.objects.get().role == "coordinator"
        assert Message.objects.filter(kind="accounts.invitation").count() == 1
    press(console, page_of(nord), "coordination:invite", email="neu@nord.example")
    with nord.inside():
        assert Invitation.objects.get().link_number == 2
    page = console.get(page_of(nord)).content.decode()
    assert "neu@nord.example" in page
    assert "eingeladen, Link gilt bis" in page


def test_removing_asks_for_the_typed_host(nord: District, console: Client) -> None:
    page = press(console, page_of(nord), "end:remove", host="nord").content.decode()
    assert "ganze Adresse" in page
    assert nord.row.delete_after is None
    press(console, page_of(nord), "end:remove", host="nord.localhost")
    assert nord.row.state == "archived"
    assert nord.row.delete_after is not None
    press(console, page_of(nord), "end:call_off")
    assert nord.row.delete_after is None
