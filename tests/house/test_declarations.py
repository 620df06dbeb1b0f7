"""Nothing fails open: what a room does not declare is refused before anything starts."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.urls import path

from directory.contact.models import ContactRequest, MailboxProof
from directory.people.models import Team
from wiq import declaration_checks as checks
from wiq.declared import declared
from wiq.rooms import Host, MenuEntry, rooms
from wiq.subjects import sources


def codes(check: Any) -> set[str]:
    return {str(message.id) for message in check(None)}


@pytest.fixture(autouse=True)
def fresh() -> Any:
    declared.cache_clear()
    yield
    declared.cache_clear()


@pytest.mark.parametrize(
    "check",
    [
        checks.check_data,
        checks.check_subjects,
        checks.check_addresses,
        checks.check_menu,
        checks.check_roles,
        checks.check_schedule,
    ],
)
def test_everything_is_declared_today(check: Any) -> None:
    assert check(None) == []


def test_a_model_that_says_nothing_of_its_data_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(MailboxProof, "Data")
    assert "wiq.E010" in codes(checks.check_data)


@pytest.mark.parametrize("names", ["email", "email attempts created_at proven_at gone", ""])
def test_a_field_that_is_not_declared_once_is_refused(
    monkeypatch: pytest.MonkeyPatch, names: str
) -> None:
    monkeypatch.setattr(MailboxProof.Data, "plain", names)
    assert "wiq.E011" in codes(checks.check_data)


def test_a_table_with_addresses_needs_somebody_who_speaks_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    others = [source for source in sources if "people.team" not in source.models]
    monkeypatch.setattr(sources, "_items", others)
    assert [str(message) for message in checks.check_subjects(None) if Team.__name__ in message.msg]


def test_an_address_that_is_of_no_room_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    stray = SimpleNamespace(url_patterns=[path("neu/", lambda request: None, name="stray")])
    monkeypatch.setattr(checks, "get_resolver", lambda urlconf: stray)
    assert "wiq.E013" in codes(checks.check_addresses)


def test_a_list_of_addresses_that_its_room_forgot_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(type(apps.get_app_config("videos")), "urls", ())
    assert "wiq.E014" in codes(checks.check_addresses)


@pytest.mark.parametrize(("place", "code"), [(777, "wiq.E015"), (100, "wiq.E016")])
def test_a_line_of_the_menu_leads_somewhere_and_has_its_own_place(
    monkeypatch: pytest.MonkeyPatch, place: int, code: str
) -> None:
    entry = MenuEntry(Host.DISTRICT, "Heute", "Nichts", "x", "/koordination/gibt/es/nicht", place)
    monkeypatch.setattr(type(apps.get_app_config("videos")), "menu", (entry,))
    assert code in codes(checks.check_menu)


@pytest.mark.parametrize("roles", [{"coordinator": ("view_film",)}, {"chief": ("view_video",)}])
def test_a_role_or_a_permission_that_is_none_is_refused(
    monkeypatch: pytest.MonkeyPatch, roles: dict[str, tuple[str, ...]]
) -> None:
    monkeypatch.setattr(type(apps.get_app_config("videos")), "roles", roles)
    assert "wiq.E017" in codes(checks.check_roles)


def test_what_runs_by_the_clock_is_a_task_of_a_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        checks.BEAT_SCHEDULE, "nobody", {"task": "nobody.tasks.run", "options": {"queue": "celery"}}
    )
    assert "wiq.E018" in codes(checks.check_schedule)


def test_beat_puts_a_task_into_the_queue_of_its_room(monkeypatch: pytest.MonkeyPatch) -> None:
    sweep = {"task": "wiq.outbox.tasks.sweep", "options": {"queue": "celery"}}
    assert "wiq.E020" not in codes(checks.check_schedule)
    monkeypatch.setitem(checks.BEAT_SCHEDULE, "sweep the outbox", sweep)
    assert "wiq.E020" in codes(checks.check_schedule)


def test_what_is_personal_in_a_request_is_known_by_its_model_alone() -> None:
    said = declared(ContactRequest)
    assert said is not None
    assert {"name", "email", "phone", "message"} <= said.personal.keys()
    assert {"token", "idempotency_key"} <= set(said.secrets)
    assert not said.visitors_see


def test_every_app_of_ours_is_a_room() -> None:
    ours = ("wiq.", "tenants.", "directory.", "api")
    names = {config.name for config in apps.get_app_configs() if config.name.startswith(ours)}
    assert names == {room.name for room in rooms()}
