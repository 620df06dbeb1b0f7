"""An alarm leads to its district, where somebody takes it or puts it off until a day."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client

from tenants.console import alarms, services
from tenants.console.models import Alarm, Vital
from tests.audited import details, said
from tests.cast import ACTOR, PROJECT_TEAM, District, project_team
from tests.days import at
from tests.editing.pressing import buttons_of, group_of, press
from wiq.mail.models import Message

DAY = date(2026, 7, 1)


@pytest.fixture
def alarm(nord: District) -> Alarm:
    Vital.objects.create(district=nord.row, mails_stuck=1, last_sign_in=DAY)
    return Alarm.objects.create(district=nord.row, kind="mails")


def page_of(alarm: Alarm) -> str:
    return f"/plattform/districts/district/{alarm.district_id}/change/"


def test_an_alarm_leads_to_its_district_where_it_is_taken(alarm: Alarm, console: Client) -> None:
    first = console.get("/plattform/").content.decode()
    assert f'href="{page_of(alarm)}"' in first
    assert "Noch kümmert sich niemand darum." in first
    assert f'id="act-alarm-{alarm.pk}"' in console.get(page_of(alarm)).content.decode()
    press(console, page_of(alarm), f"alarm-{alarm.pk}:take")
    alarm.refresh_from_db()
    assert alarm.taken_by == PROJECT_TEAM
    assert f"{PROJECT_TEAM} kümmert sich" in console.get("/plattform/").content.decode()
    assert said("alarm.") == [("alarm.taken", PROJECT_TEAM)]


def test_it_is_told_by_the_name_of_who_took_it(alarm: Alarm, console: Client) -> None:
    team = project_team()
    team.name = "Sabine"
    team.save()
    press(console, page_of(alarm), f"alarm-{alarm.pk}:take")
    for page in ("/plattform/", page_of(alarm)):
        assert "Sabine kümmert sich" in console.get(page).content.decode()
    with pytest.raises(ValidationError, match="Sabine kümmert sich schon darum"):
        alarms.take(alarm, actor=ACTOR)


def test_an_alarm_is_given_back_and_taken_by_somebody_else(alarm: Alarm, console: Client) -> None:
    alarms.take(alarm, actor="kim")
    page = console.get(page_of(alarm)).content.decode()
    assert f"alarm-{alarm.pk}:take" not in buttons_of(page)
    press(console, page_of(alarm), f"alarm-{alarm.pk}:give_back")
    press(console, page_of(alarm), f"alarm-{alarm.pk}:take")
    alarm.refresh_from_db()
    assert alarm.taken_by == PROJECT_TEAM


def test_an_alarm_that_is_put_off_is_told_again_on_its_day(alarm: Alarm, console: Client) -> None:
    with at(DAY, 12):
        press(console, page_of(alarm), f"alarm-{alarm.pk}:put_off", until="08.07.2026")
        page = console.get("/plattform/").content.decode()
        assert "Alles ruhig." in page
        assert "Zurückgestellt" in page
        assert "8.\xa0Juli 2026" in page
        assert services.raise_alarms() == []
    assert details("alarm.put_off") == [{"until": "2026-07-08"}]
    with at(DAY + timedelta(days=6), 23, 59):
        assert services.raise_alarms() == []
    with at(DAY + timedelta(days=7), 0, 5):
        Vital.objects.update(last_sign_in=DAY)
        assert services.raise_alarms() == [alarm]
        assert services.raise_alarms() == []
        mail = Message.objects.get(kind="console.alarms")
        assert "E-Mails kommen nicht an" in mail.text
        assert page_of(alarm) in mail.text
        assert "Alles ruhig." not in console.get("/plattform/").content.decode()


@pytest.mark.parametrize("days", [-1, 0, 91, None])
def test_an_alarm_is_put_off_until_a_day_that_comes(
    alarm: Alarm, console: Client, days: int | None
) -> None:
    with at(DAY, 12):
        until = f"{DAY + timedelta(days=days):%d.%m.%Y}" if days is not None else ""
        refused = press(console, page_of(alarm), f"alarm-{alarm.pk}:put_off", until=until)
    assert "Bitte einen Tag ab morgen" in group_of(refused.content.decode(), f"alarm-{alarm.pk}")
    alarm.refresh_from_db()
    assert alarm.put_off_until is None


def test_what_has_ended_is_not_taken_any_more(alarm: Alarm, console: Client) -> None:
    with time_machine.travel(DAY, tick=False):
        Vital.objects.update(mails_stuck=0)
        services.raise_alarms()
    for act in (alarms.take, alarms.give_back):
        with pytest.raises(ValidationError, match="schon erledigt"):
            act(alarm, actor=ACTOR)
    assert f'id="act-alarm-{alarm.pk}"' not in console.get(page_of(alarm)).content.decode()


def test_the_numbers_of_a_district_lead_to_it_and_back(alarm: Alarm, console: Client) -> None:
    numbers = f"/plattform/console/vital/{Vital.objects.get().pk}/change/"
    assert f'href="{page_of(alarm)}"' in console.get(numbers).content.decode()
    assert f'href="{numbers}"' in console.get(page_of(alarm)).content.decode()
