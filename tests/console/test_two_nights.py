"""Two beats, two nights at once: an alarm is opened and told once, and no task fails."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction

from tenants.console import services
from tenants.console.models import Alarm, Vital
from tests.at_once import Started, until_waiting
from tests.cast import District
from wiq.mail.models import Message
from wiq.outbox.models import Pointer

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
