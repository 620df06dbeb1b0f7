"""Districts apply where there is room, and what somebody typed is kept wherever it arrives."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from tenants.applications.models import Application
from tenants.cells import services, tasks
from tests.api.asking import Api
from tests.api.test_platform import APPLICATION
from tests.applications.test_application import URL, decide, submitted, typed
from tests.cast import District
from tests.cells.other import Other, running

NO_ROOM = "ist gerade kein Platz für ein weiteres Quartier"


@pytest.fixture
def full(nord: District, other: Other, settings: Any) -> Other:
    """This installation is full; the other one has said that it is not."""
    settings.WIQ_MAX_DISTRICTS = 2
    services.look_round()
    return other


def shown(client: Client, path: str = URL) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def test_a_full_installation_leads_to_the_one_with_room(platform: Client, full: Other) -> None:
    page = shown(platform)
    assert NO_ROOM in page
    assert f'href="http://{full.host}/quartier-anmelden/"' in page
    assert 'name="motivation"' not in page
    english = shown(platform, f"/en{URL}")
    assert f'href="http://{full.host}/en/quartier-anmelden/"' in english


def test_who_stays_nevertheless_finds_the_form_and_is_kept(
    platform: Client, console: Client, full: Other
) -> None:
    visitor = Client(headers={"host": "localhost"})
    page = shown(visitor, f"{URL}?hier=1")
    assert 'name="motivation"' in page
    assert NO_ROOM in page
    application = submitted(visitor)
    assert application.motivation == "Bei uns wollen viele etwas bewegen."
    assert visitor.post(URL, typed(email="", slug="ostufer")).status_code == 422
    for path in ("/plattform/", f"/plattform/applications/application/{application.pk}/change/"):
        told = shown(console, path)
        assert "Diese Installation ist für 2 Quartiere gedacht, 2 sind es." in told
        assert f"Platz ist in „{full.host}“, für 98 weitere." in told
    # The project team decides; it may make room here as well.
    decide(console, application, "approve")
    assert Application.objects.get().state == "approved"


def test_a_mistake_in_the_form_of_a_full_installation_loses_nothing(
    platform: Client, full: Other
) -> None:
    answer = platform.post(URL, typed(email=""))
    assert answer.status_code == 422
    assert "Bei uns wollen viele etwas bewegen." in answer.content.decode()


def test_a_program_may_apply_at_a_full_installation(full: Other) -> None:
    assert Api()("post", "applications/", APPLICATION).status_code == 201
    assert Application.objects.count() == 1


def test_where_no_other_has_room_the_form_says_so_and_takes_it(
    platform: Client, full: Other
) -> None:
    full.max_districts = 2
    services.look_round()
    page = shown(platform)
    assert NO_ROOM in page
    assert 'name="motivation"' in page
    assert full.host not in page


def test_nobody_is_led_to_one_that_is_silent_or_was_not_heard_for_long(
    platform: Client, full: Other
) -> None:
    asked = len(full.asked)
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert full.host not in shown(platform)
    assert full.host in shown(platform)
    # A visitor's form asks nobody.
    assert len(full.asked) == asked
    full.status = 503
    services.look_round()
    assert full.host not in shown(platform)


def test_the_one_with_most_room_comes_first_and_one_without_a_bound_last(
    platform: Client, full: Other, settings: Any
) -> None:
    with running(Other("c.localhost")) as third:
        settings.WIQ_CELLS = [full.setting, third.setting]
        third.max_districts = 1000
        services.look_round()
        assert third.host in shown(platform)
        third.max_districts = None
        services.look_round()
        assert full.host in shown(platform)
        full.max_districts = 0
        services.look_round()
        assert third.host in shown(platform)


def test_with_room_or_without_a_bound_nothing_is_different(
    platform: Client, console: Client, full: Other, settings: Any
) -> None:
    for bound in (3, None):
        settings.WIQ_MAX_DISTRICTS = bound
        visitor = Client(headers={"host": "localhost"})
        assert NO_ROOM not in shown(visitor)
        assert "gedacht" not in shown(console, "/plattform/")


def test_a_full_installation_without_others_keeps_what_is_sent(
    platform: Client, nord: District, settings: Any
) -> None:
    settings.WIQ_MAX_DISTRICTS = 0
    page = shown(platform)
    assert NO_ROOM in page
    assert submitted(platform).state == "submitted"


def test_beat_lets_the_others_be_asked(platform: Client, other: Other, settings: Any) -> None:
    settings.WIQ_MAX_DISTRICTS = 2
    assert other.host not in shown(platform)
    tasks.look_round.apply(headers={"_schema_name": "public"}, throw=True)
    assert other.host in shown(platform)
    assert other.asked == ["/api/v1/installation/"]
