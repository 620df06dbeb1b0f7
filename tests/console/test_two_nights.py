"""Two beats, two nights at once: an alarm is opened and told once, and no task fails."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction

from tenants.console import services
from tenants.console.models import Alarm, Snapshot, Vital
from tenants.districts.models import District as Row
from tenants.provisioning import removal
from tenants.provisioning.models import Removal
from tenants.provisioning.services import create_district
from tests.at_once import Started, until_waiting
from tests.cast import ACTOR, District
from wiq.celery_app import app
from wiq.mail.models import Message
from wiq.outbox.models import Pointer
from wiq.schedule import BEAT_SCHEDULE
from wiq.tenancy import PUBLIC

KIND = "console.alarms"


@pytest.fixture
def ailing(django_db_setup: None, django_db_blocker: Any) -> Iterator[District]:
    """Nord with mails that are stuck, committed: each night works on a connection of its own."""
    with django_db_blocker.unblock():
        connection.set_schema_to_public()  # type: ignore[attr-defined]
        nord = District("nord")
        Vital.objects.update_or_create(district=nord.row, defaults={"mails_stuck": 1})
        yield nord
        connection.set_schema_to_public()  # type: ignore[attr-defined]
        Alarm.objects.all().delete()
        Vital.objects.all().delete()
        told = Message.objects.filter(kind=KIND)
        Pointer.objects.filter(message_uuid__in=told.values_list("uuid", flat=True)).delete()
        told.delete()


def test_two_nights_at_once_open_an_alarm_once_and_mail_once(ailing: District) -> None:
    with transaction.atomic():
        opened = services.raise_alarms()
        assert {alarm.kind for alarm in opened} >= {"mails"}
        other = Started(services.raise_alarms)
        until_waiting(1)
    assert other.result() == []
    assert Alarm.objects.filter(kind="mails", ended_at__isnull=True).count() == 1
    assert Message.objects.filter(kind=KIND).count() == 1


SLUG = "zweimal"
# What the tasks of the schedule queue for each district.
OF_A_DISTRICT = (
    *("tenants.console.tasks.count", "tenants.lifecycle.tasks.tend"),
    "directory.following.tasks.tell",
)


@pytest.fixture
def made(django_db_setup: None, django_db_blocker: Any) -> Iterator[District]:
    """A district with nothing in it, committed."""
    with django_db_blocker.unblock():
        connection.set_schema_to_public()  # type: ignore[attr-defined]
        create_district(slug=SLUG, name="Zweimal", city="Leipzig", actor=ACTOR)
        mails = set(Pointer.objects.values_list("pk", flat=True))
        yield District(SLUG)
        connection.set_schema_to_public()  # type: ignore[attr-defined]
        written = Pointer.objects.exclude(pk__in=mails)
        Message.objects.filter(uuid__in=written.values_list("message_uuid", flat=True)).delete()
        written.delete()
        removal.remove(Row.objects.get(slug=SLUG), reserve_name=False)
        Removal.objects.all().delete()


def twice_at_once(name: str, schema: str) -> None:
    """Run a task in two threads that begin together; raise what one of them raises."""
    app.loader.import_default_modules()
    together = threading.Barrier(2)

    def run() -> None:
        connection.ensure_connection()
        together.wait(10)
        app.tasks[name].apply(headers={"_schema_name": schema}, throw=True)

    for started in (Started(run), Started(run)):
        started.result()


@pytest.mark.parametrize("name", sorted({entry["task"] for entry in BEAT_SCHEDULE.values()}))
def test_every_task_of_the_schedule_stands_a_second_one_at_once(made: District, name: str) -> None:
    for _ in range(3):
        twice_at_once(name, PUBLIC)


@pytest.mark.parametrize("name", OF_A_DISTRICT)
def test_every_task_of_a_district_stands_a_second_one_at_once(made: District, name: str) -> None:
    row = made.row
    for _ in range(3):
        twice_at_once(name, row.schema_name)
    if name == OF_A_DISTRICT[0]:
        assert Vital.objects.filter(district=row).count() == 1
        assert Snapshot.objects.filter(district=row).count() == 1
