"""Tasks and commands, every one of them: whose district they work in, and that they stay there."""

import io
from typing import Any

import pytest
from celery import current_app
from django.core.management import call_command, get_commands
from django.db import connection
from django.utils.module_loading import autodiscover_modules

from tests.isolation.canaries import found_in
from tests.isolation.probes import probe
from tests.isolation.residents import FIRST
from tests.isolation.walk import Walk
from tests.isolation.world import COORDINATOR, Place

# Who a task works for; one that stands nowhere here fails the test.
TASKS = {
    "wiq.mail.tasks.deliver": "a district or the platform",
    "wiq.mail.tasks.deliver_waiting": "the platform and all districts, each in its own schema",
    "wiq.accounts.tasks.mail_reset_link": "a district or the platform",
    "wiq.media.tasks.draw": "a district",
    "wiq.outbox.tasks.sweep": "the platform",
    "wiq.calls.tasks.sweep": "the platform",
    "tenants.cells.tasks.look_round": "the platform",
    "directory.webhooks.tasks.make": "a district",
    "tenants.lifecycle.tasks.nightly": "the platform",
    "tenants.provisioning.tasks.run_waiting": "makes districts",
    "tenants.moving.tasks.mend": "the platform",
    "tenants.restoring.tasks.fill": "a district",
    "tenants.restoring.tasks.swap": "a district",
    "tenants.console.tasks.count": "a district",
    "tenants.console.tasks.count_all": "the platform",
    "tenants.console.tasks.nightly": "the platform",
    "tenants.kit.tasks.announce": "a district",
    "tenants.lifecycle.tasks.tend": "a district",
    "tenants.lifecycle.tasks.morning": "the platform",
    "tenants.lifecycle.tasks.wake": "a district",
    "directory.following.tasks.tell": "a district",
}
COMMANDS = {
    "create_account": "a district or the platform",
    "create_api_token": "a district or the platform",
    "reset_second_factor": "a district or the platform",
    "createsuperuser": "no data at all",
    "personal_data": "a district",
    "create_district": "makes a district",
    "export_district": "a district",
    "write_folder": "a district or the platform",
    "delete_district": "removes a district",
    "import_district": "makes a district",
    "accept_district": "the platform",
    "move_district": "a district",
    "restore_district": "a district",
    "extract_district": "a district",
    "undo_restore": "a district",
    "tend_districts": "all districts, one after the other",
    "repeat_erasures": "all districts, one after the other",
    "migrate_districts": "all districts, one after the other",
    "prepare_stack": "the platform",
    "doctor": "the platform",
    "backup": "the whole server, past the platform's rows",
    "note_backup": "no data at all",
    "messages": "no data at all",
    "makemigrations": "no data at all",
    "migrate": "no data at all",
    "data_model": "no data at all",
}
OURS = ("wiq.", "tenants.", "directory.", "api")


def run(*words: str) -> str:
    said = io.StringIO()
    call_command(*words, stdout=said)
    return said.getvalue()


def test_every_task_says_for_whom_it_works() -> None:
    autodiscover_modules("tasks")
    tasks = {name for name in current_app.tasks if not name.startswith("celery.")}
    assert tasks == set(TASKS)


def test_every_command_says_for_whom_it_works() -> None:
    ours = {name for name, app in get_commands().items() if app.startswith(OURS)}
    assert ours == set(COMMANDS)


@pytest.mark.thorough
def test_no_probe_reaches_next_door(places: list[Place], db: None) -> None:
    for here in places:
        for other in places:
            if here is not other:
                assert list(probe(here, other)) == []


@pytest.mark.thorough
def test_the_file_about_a_resident_holds_one_district_and_one_resident(
    places: list[Place], db: None
) -> None:
    for place in places:
        found = found_in(run("personal_data", "show", FIRST, "--district", place.slug))
        assert found == {(place.letter, "k")}


@pytest.mark.thorough
def test_erasing_in_one_district_touches_no_other(places: list[Place], db: None) -> None:
    first, *others = places
    walk = Walk(places)
    run("personal_data", "erase", FIRST, "--district", first.slug)
    assert walk.written_schemas() <= {first.row.schema_name, "public"}
    for other in others:
        assert found_in(run("personal_data", "show", FIRST, "--district", other.slug))
    assert not found_in(run("personal_data", "show", FIRST, "--district", first.slug))


@pytest.mark.thorough
def test_a_token_made_for_one_district_is_worth_nothing_elsewhere(
    places: list[Place], db: None, client: Any
) -> None:
    first = places[0]
    token = run("create_api_token", "--district", first.slug, COORDINATOR).splitlines()[-1]
    for place in places:
        response = client.get(
            "/api/v1/contact-requests/",
            headers={"host": place.host, "authorization": f"Bearer {token}"},
        )
        assert response.status_code == (200 if place is first else 401)


@pytest.mark.thorough
def test_the_night_leaves_every_district_in_its_own_schema(places: list[Place], db: None) -> None:
    said = run("tend_districts")
    assert all(place.slug in said for place in places)
    assert not found_in(said)
    assert connection.schema_name == "public"  # type: ignore[attr-defined]
