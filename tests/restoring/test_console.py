"""The project team restores a district at the console: order, read, confirm, and back."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import ProgrammingError
from django.test import Client
from django.utils import timezone
from django_redis import get_redis_connection
from django_tenants.utils import tenant_context

from directory.people import services as people
from directory.people.models import Team
from tenants.districts.models import District as Row
from tenants.provisioning import functions
from tenants.provisioning.models import Beside
from tenants.restoring import offered, ordered, services
from tenants.restoring.steps import Step
from tenants.restoring.turns import Busy, check_wanted
from tests import logins
from tests.audited import said
from tests.cast import ACTOR, District
from tests.console.test_console import page_of
from tests.districts.test_unfinished import at_work
from tests.editing.pressing import buttons_of, press
from wiq import queueing, signs
from wiq.queues import Queue
from wiq.tenancy import PUBLIC


@pytest.fixture
def backups(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """A folder with one backup, of which a worker has just told."""
    settings.WIQ_BACKUPS = str(tmp_path)
    (tmp_path / "wiq.dump").write_text("PGDMP")
    (tmp_path / "geheim.txt").write_text("x")
    offered.tell()
    yield tmp_path
    get_redis_connection("platform").delete(signs.PREFIX + offered.NAME)


@pytest.fixture
def of_the_beginning(monkeypatch: pytest.MonkeyPatch, nord: District) -> None:
    """Take a backup of a time when the district had no rows yet."""

    def prepare(district: Row, path: Path, *, at: str, say: Any, beside: Beside) -> Beside:
        return services.filled(district, beside, lambda restored: {}, say=say)

    monkeypatch.setattr(services, "prepare", prepare)


def shown(console: Client, district: District) -> str:
    return console.get(page_of(district)).content.decode()


def restore_buttons(console: Client, district: District) -> list[str]:
    return [name for name in buttons_of(shown(console, district)) if name.startswith("restore")]


def test_without_a_folder_of_backups_nothing_is_offered(nord: District, console: Client) -> None:
    assert restore_buttons(console, nord) == []


def test_it_is_ordered_compared_confirmed_and_taken_back(
    nord: District, sued: District, console: Client, backups: Path, of_the_beginning: None,
    queued: list[tuple[str, str]], django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):
        assert press(console, page_of(nord), "restore:order", backup="wiq.dump").status_code == 302
    assert (ordered.FILL, PUBLIC) in queued
    beside = Beside.objects.get()
    assert restore_buttons(console, nord) == ["restore:look", "restore:discard"]
    ordered.fill(beside.pk)
    beside.refresh_from_db()
    assert beside.stage == Beside.Stage.READY
    page = shown(console, nord)
    assert "Geht verloren" in page
    assert restore_buttons(console, nord) == ["restore:swap", "restore:discard"]
    wrong = press(console, page_of(nord), "restore:swap", host="sued.localhost")
    assert "nord.localhost" in wrong.content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        press(console, page_of(nord), "restore:swap", host="nord.localhost")
    assert (ordered.SWAP, PUBLIC) in queued
    with nord.inside():
        before = set(Team.objects.values_list("name", flat=True))
    assert before
    beside.refresh_from_db()
    confirmed = ordered._as_confirmed(beside)
    # A queue may deliver a task again, and two people may press the button.
    for _time in range(2):
        ordered.swap(beside.pk, "team@plattform.example", confirmed)
        with nord.inside():
            assert not Team.objects.exists()
    assert ("district.restored", "team@plattform.example") in said("district.restored")
    assert restore_buttons(console, nord) == ["restored:back", "restore:order"]
    press(console, page_of(nord), "restored:back", host="nord.localhost")
    beside.refresh_from_db()
    ordered.swap(beside.pk, "team@plattform.example", ordered._as_confirmed(beside))
    with nord.inside():
        assert set(Team.objects.values_list("name", flat=True)) == before
    with sued.inside():
        assert Team.objects.exists()
    # Taken back: page and log say so, and the next swap is a restore again.
    page = shown(console, nord)
    assert "ist zurückgenommen" in page and "Doch den Stand aus der Sicherung nehmen" in page
    assert len(said("district.restored")) == len(said("district.restore_undone")) == 1
    beside.refresh_from_db()
    ordered.swap(beside.pk, "team@plattform.example", ordered._as_confirmed(beside))
    assert "kam aus der Sicherung" in shown(console, nord)
    assert len(said("district.restored")) == 2


def test_what_is_no_backup_fails_on_the_page_and_can_be_discarded(
    nord: District, console: Client, backups: Path
) -> None:
    beside = ordered.order(nord.row, "wiq.dump", at="", actor=ACTOR)
    services.fail(beside, "pg_restore: das ist keine Sicherung")
    assert "das ist keine Sicherung" in shown(console, nord)
    press(console, page_of(nord), "restore:discard")
    assert not Beside.objects.exists()
    assert restore_buttons(console, nord) == ["restore:order"]


@pytest.mark.parametrize(
    ("name", "at"), [("geheim.txt", ""), ("../x", ""), ("wiq.dump", "gestern")]
)
def test_only_what_is_offered_is_ordered(nord: District, backups: Path, name: str, at: str) -> None:
    with pytest.raises(ValidationError):
        ordered.order(nord.row, name, at=at, actor=ACTOR)
    assert not Beside.objects.exists()


def test_web_knows_names_alone_and_only_while_somebody_reads_them(
    nord: District, console: Client, backups: Path, settings: Any
) -> None:
    settings.WIQ_BACKUPS = ""
    assert restore_buttons(console, nord) == ["restore:order"]
    assert "wiq.dump" in shown(console, nord)
    assert "geheim.txt" not in shown(console, nord)
    ordered.order(nord.row, "wiq.dump", at="", actor=ACTOR)
    assert "liest niemand Sicherungen" not in shown(console, nord)
    get_redis_connection("platform").delete(signs.PREFIX + offered.NAME)
    assert "Gerade liest niemand Sicherungen." in shown(console, nord)
    assert offered.names() == []


def test_who_has_backups_reads_them_and_anybody_leads_back(
    nord: District, sued: District, backups: Path, of_the_beginning: None,
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    sent: list[tuple[str, Any]] = []

    def send(task: str, *words: Any, queue: Any = None, **options: Any) -> bool:
        sent.append((task, queue))
        return True

    monkeypatch.setattr(queueing, "send", send)
    with django_capture_on_commit_callbacks(execute=True):
        beside = ordered.order(nord.row, "wiq.dump", at="", actor=ACTOR)
    ordered.fill(beside.pk)
    beside.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        ordered.confirm(nord.row, beside, typed_host="nord.localhost", actor=ACTOR)
    assert sent == [(ordered.FILL, Queue.RESTORING), (ordered.SWAP, Queue.DISTRICTS)]


@pytest.mark.parametrize("name", ["geheim.txt", "../wiq.dump", "/etc/passwd", "weg.dump"])
def test_the_worker_reads_what_lies_in_its_folder_whatever_the_order_says(
    nord: District, sued: District, backups: Path, name: str
) -> None:
    beside = ordered.order(nord.row, "wiq.dump", at="", actor=ACTOR)
    Beside.objects.filter(pk=beside.pk).update(details={"name": name, "at": ""})
    ordered.fill(beside.pk)
    beside.refresh_from_db()
    assert (beside.stage, "gibt es nicht mehr" in beside.words) == (Beside.Stage.FAILED, True)


def test_an_order_that_waits_is_taken_back_and_its_task_does_nothing(
    nord: District, console: Client, backups: Path, of_the_beginning: None
) -> None:
    beside = ordered.order(nord.row, "wiq.dump", at="", actor=ACTOR)
    press(console, page_of(nord), "restore:discard")
    assert not Beside.objects.exists()
    ordered.fill(beside.pk)
    # One that had begun to read the order just before.
    with pytest.raises(Busy):
        check_wanted(beside)
    assert not Beside.objects.exists()
    assert len(said("district.restore_discarded")) == 1


def test_an_order_at_work_is_not_pulled_away(nord: District, backups: Path) -> None:
    beside = ordered.order(nord.row, "wiq.dump", at="", actor=ACTOR)
    with logins.connect(logins.APP, autocommit=True) as other:
        at_work(nord.row.schema_name, other)
        with pytest.raises(ValidationError, match="gerade schon gearbeitet"):
            ordered.discard(nord.row, beside, actor=ACTOR)
        other.execute("SELECT pg_advisory_unlock_all()")
    assert Beside.objects.get().stage == Beside.Stage.FILLING


def test_a_command_gives_way_to_the_console_and_clears_what_a_killed_one_left(
    nord: District, sued: District, backups: Path, of_the_beginning: None
) -> None:
    left = services.new_row(nord.row, "wiq.dump")
    services.filled(nord.row, left, lambda restored: {}, say=lambda step: None)
    beside = services.new_row(sued.row, "wiq.dump")
    services.filled(sued.row, beside, lambda restored: {}, say=lambda step: None)
    ordered.give_way(nord.row)
    assert [one.pk for one in Beside.objects.all()] == [beside.pk]
    # Who still sat before its question is told.
    with pytest.raises(ValidationError, match="inzwischen geschehen"):
        services.swap(nord.row, left, actor=ACTOR)
    ordered.order(nord.row, "wiq.dump", at="", actor=ACTOR)
    with pytest.raises(ValidationError, match="läuft schon"):
        ordered.give_way(nord.row)


def test_a_district_is_restored_once_at_a_time(
    nord: District, sued: District, backups: Path
) -> None:
    ordered.order(nord.row, "wiq.dump", at="", actor=ACTOR)
    with pytest.raises(ValidationError, match="läuft schon"):
        ordered.order(nord.row, "wiq.dump", at="", actor=ACTOR)
    ordered.order(sued.row, "wiq.dump", at="", actor=ACTOR)


def test_a_task_that_comes_twice_leaves_the_one_at_work_alone(
    nord: District, backups: Path
) -> None:
    beside = ordered.order(nord.row, "wiq.dump", at="", actor=ACTOR)
    with logins.connect(logins.APP, autocommit=True) as other:
        at_work(nord.row.schema_name, other)
        ordered.fill(beside.pk)
        other.execute("SELECT pg_advisory_unlock_all()")
    beside.refresh_from_db()
    assert beside.stage == Beside.Stage.FILLING


def test_the_page_says_in_its_own_words_how_far_it_is(
    nord: District, console: Client, backups: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def prepare(district: Row, path: Path, *, at: str, say: Any, beside: Beside) -> Beside:
        say(Step.RECOVERED)
        raise Busy("x")

    monkeypatch.setattr(services, "prepare", prepare)
    ordered.fill(ordered.order(nord.row, "wiq.dump", at="", actor=ACTOR).pk)
    assert "die Sicherung läuft als eigene Datenbank" in shown(console, nord)


def test_what_somebody_swapped_meanwhile_is_not_swapped_back(
    nord: District, backups: Path, of_the_beginning: None
) -> None:
    beside = ordered.order(nord.row, "wiq.dump", at="", actor=ACTOR)
    ordered.fill(beside.pk)
    first, second = Beside.objects.get(), Beside.objects.get()
    services.swap(nord.row, first, actor=ACTOR)
    with pytest.raises(ValidationError, match="inzwischen geschehen"):
        services.swap(nord.row, second, actor=ACTOR)
    with nord.inside():
        assert not Team.objects.exists()


def test_what_is_kept_does_not_go_for_what_somebody_saw_before_the_swap(
    nord: District, backups: Path, of_the_beginning: None
) -> None:
    ordered.fill(ordered.order(nord.row, "wiq.dump", at="", actor=ACTOR).pk)
    seen = Beside.objects.get()
    services.swap(nord.row, Beside.objects.get(), actor=ACTOR)
    with pytest.raises(ValidationError, match="inzwischen geschehen"):
        ordered.discard(nord.row, seen, actor=ACTOR)
    services.swap(nord.row, Beside.objects.get(), actor=ACTOR)
    with nord.inside():
        assert Team.objects.exists()


def test_what_is_being_swapped_is_not_discarded(
    nord: District, backups: Path, of_the_beginning: None
) -> None:
    ordered.fill(ordered.order(nord.row, "wiq.dump", at="", actor=ACTOR).pk)
    with logins.connect(logins.APP, autocommit=True) as other:
        at_work(nord.row.schema_name, other)
        with pytest.raises(Busy):
            ordered.discard(nord.row, Beside.objects.get(), actor=ACTOR)
        other.execute("SELECT pg_advisory_unlock_all()")
    assert Beside.objects.exists()


def test_what_is_swapped_while_the_night_looks_is_kept(
    nord: District, backups: Path, of_the_beginning: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    ordered.fill(ordered.order(nord.row, "wiq.dump", at="", actor=ACTOR).pk)
    Beside.objects.update(until=timezone.now())
    held = services.held

    @contextmanager
    def after_a_swap(name: str) -> Iterator[bool]:
        Beside.objects.update(stage=Beside.Stage.KEPT, until=timezone.now() + services.KEPT)
        with held(name) as is_free:
            yield is_free

    monkeypatch.setattr(services, "held", after_a_swap)
    assert services.drop_due() == 0
    assert Beside.objects.exists()


def test_the_schema_of_another_district_never_takes_a_place(nord: District, sued: District) -> None:
    Beside.objects.create(
        schema_name=sued.row.schema_name, district_id=nord.row.pk, origin="x",
        until=timezone.now(),
    )  # fmt: skip
    with pytest.raises(ProgrammingError, match="not to be swapped"):
        functions.swap_schemas(nord.row.schema_name, sued.row.schema_name)


def test_after_a_week_what_was_kept_goes(
    nord: District, backups: Path, of_the_beginning: None
) -> None:
    beside = ordered.order(nord.row, "wiq.dump", at="", actor=ACTOR)
    ordered.fill(beside.pk)
    beside.refresh_from_db()
    ordered.swap(beside.pk, ACTOR, ordered._as_confirmed(beside))
    assert services.drop_due() == 0
    Beside.objects.update(until=timezone.now())
    assert services.drop_due() == 1
    with tenant_context(nord.row):
        assert not people.Team.objects.exists()
