"""When a number becomes a reason to look: to the day, of one district, and nobody's but its own."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from directory.contact.models import ContactRequest
from directory.conversations.models import Conversation
from tenants.applications.models import Application
from tenants.console import pictures, services, tasks
from tenants.console.models import Alarm, Snapshot, Vital
from tenants.districts.models import District as Row
from tenants.visits import support
from tests.applications.test_application import applied, submitted
from tests.cast import ACTOR, District
from tests.console.test_console import write
from wiq.accounts.models import User
from wiq.mail.models import Message
from wiq.outbox.models import Pointer

# Half an hour after midnight here, the night before the clocks change.
MOMENT = datetime(2026, 3, 28, 23, 30, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("age", "overdue", "days"),
    [(14 * DAY, 0, 14), (14 * DAY + timedelta(seconds=1), 1, 14), (14 * DAY - DAY, 0, 13)],
)
def test_a_request_is_overdue_once_two_weeks_are_over(
    nord: District, age: timedelta, overdue: int, days: int
) -> None:
    write(nord)
    with nord.inside():
        ContactRequest.objects.update(created_at=MOMENT - age)
        Conversation.objects.update(since=MOMENT - age)
    with time_machine.travel(MOMENT, tick=False):
        vital = services.count(nord.row)
    assert (vital.requests_open, vital.requests_overdue, vital.oldest_days) == (1, overdue, days)


@pytest.mark.parametrize(
    ("days", "state", "is_silent"),
    [(59, "published", False), (60, "published", True), (60, "hidden", True),
     (400, "archived", False)],
)  # fmt: skip
def test_a_district_is_silent_from_the_sixtieth_day_on(
    nord: District, days: int, state: str, is_silent: bool
) -> None:
    Row.objects.filter(slug="nord").update(state=state)
    vital = Vital(district=nord.row, last_sign_in=date(2026, 3, 29) - days * DAY)
    with time_machine.travel(MOMENT, tick=False):
        assert ("silent" in services.alarms_of(vital)) is is_silent


def test_a_visit_is_no_sign_of_life_of_the_coordination(nord: District) -> None:
    support.open_visit(nord.row, reason="Hilfe", minutes=30, actor=ACTOR)
    with nord.inside():
        User.objects.filter(expires_at__isnull=False).update(last_login=MOMENT + DAY)
    assert services.count(nord.row).last_sign_in is None
    with nord.inside():
        User.objects.filter(role="editor").update(last_login=MOMENT)
    assert services.count(nord.row).last_sign_in == date(2026, 3, 29)


def test_mails_that_are_stuck_and_files_count_where_they_belong(
    nord: District, sued: District
) -> None:
    for district in (nord, sued):
        write(district)
    Pointer.objects.filter(district_id=sued.row.pk).update(state="dead")
    before = services.count(nord.row).bytes_stored
    with sued.inside():
        default_storage.save("pictures/gross.png", ContentFile(b"x" * 5_000_000))
    counted = {district.slug: services.count(district.row) for district in (nord, sued)}
    assert counted["nord"].mails_stuck == 0
    assert counted["sued"].mails_stuck == Pointer.objects.filter(state="dead").count() > 0
    assert counted["nord"].bytes_stored - before < 1_000_000
    assert counted["sued"].bytes_stored > 5_000_000
    assert services.alarms_of(counted["sued"]) == {"mails"}


def test_each_day_has_one_line_of_its_own(nord: District) -> None:
    for moment in (MOMENT - timedelta(minutes=31), MOMENT, MOMENT + timedelta(hours=1)):
        with time_machine.travel(moment, tick=False):
            services.count(nord.row)
    days = Snapshot.objects.values_list("day", flat=True)
    assert list(days) == [date(2026, 3, 28), date(2026, 3, 29)]


def test_the_picture_over_time_shows_half_a_year_from_old_to_new(nord: District) -> None:
    row = nord.row
    Snapshot.objects.bulk_create(
        Snapshot(district=row, day=date(2026, 1, 1) + number * DAY, people=number)
        for number in range(181)
    )
    assert "erst 1, jetzt 180, höchstens 180" in pictures.over_time(row)


def test_the_night_does_all_that_is_due(nord: District, sued: District, platform: Client) -> None:
    now = timezone.now()
    application = applied(platform)
    Application.objects.update(created_at=now - 8 * DAY)
    application.steps.update(at=now - 8 * DAY)
    Row.objects.filter(slug="nord").update(state="archived", delete_after=now)
    Vital.objects.create(district=sued.row, mails_stuck=1, last_sign_in=timezone.localdate())
    tasks.nightly.apply(headers={"_schema_name": "public"}, throw=True)
    assert not Application.objects.exists()
    assert [row.slug for row in Row.objects.all()] == ["sued"]
    assert [(alarm.district.slug, alarm.kind) for alarm in Alarm.objects.all()] == [
        ("sued", "mails")
    ]
    assert Message.objects.get().kind == "console.alarms"


def test_the_first_page_shows_what_waits_and_not_what_is_over(
    nord: District, sued: District, console: Client
) -> None:
    visitor = Client(headers={"host": "localhost"})
    applied(visitor, district_name="Unbestätigtes Viertel", slug="unbestaetigt")
    submitted(visitor)
    for district in (nord, sued):
        Vital.objects.create(district=district.row)
        Alarm.objects.create(district=district.row, kind="mails")
    Alarm.objects.filter(district=nord.row).update(ended_at=timezone.now())
    page = console.get("/plattform/").content.decode()
    assert "Westviertel" in page
    assert "Unbestätigtes Viertel" not in page
    assert page.count("E-Mails kommen nicht an") == 1
    helped = console.get("/plattform/console/vital/?hilfe=ja").content.decode()
    assert "Südviertel" in helped
    assert "Nordviertel" not in helped
