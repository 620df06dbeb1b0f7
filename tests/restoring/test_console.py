"""The project team restores a district at the console: order, read, confirm, and back."""

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from django_tenants.utils import tenant_context

from directory.people import services as people
from directory.people.models import Team
from tenants.districts.models import District as Row
from tenants.provisioning.models import Beside
from tenants.restoring import ordered, services
from tests.audited import said
from tests.cast import ACTOR, District
from tests.console.test_console import page_of
from tests.editing.pressing import buttons_of, press
from wiq.tenancy import PUBLIC


@pytest.fixture
def backups(tmp_path: Path, settings: Any) -> Path:
    settings.WIQ_BACKUPS = str(tmp_path)
    (tmp_path / "wiq.dump").write_text("PGDMP")
    (tmp_path / "geheim.txt").write_text("x")
    return tmp_path


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
    assert restore_buttons(console, nord) == ["restore:look"]
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
    ordered.swap(beside.pk, "team@plattform.example")
    with nord.inside():
        assert not Team.objects.exists()
    assert ("district.restored", "team@plattform.example") in said("district.restored")
    assert restore_buttons(console, nord) == ["restored:back", "restore:order"]
    ordered.swap(beside.pk, "team@plattform.example")
    with nord.inside():
        assert set(Team.objects.values_list("name", flat=True)) == before
    with sued.inside():
        assert Team.objects.exists()


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


def test_a_district_is_restored_once_at_a_time(
    nord: District, sued: District, backups: Path
) -> None:
    ordered.order(nord.row, "wiq.dump", at="", actor=ACTOR)
    with pytest.raises(ValidationError, match="läuft schon"):
        ordered.order(nord.row, "wiq.dump", at="", actor=ACTOR)
    ordered.order(sued.row, "wiq.dump", at="", actor=ACTOR)


def test_after_a_week_what_was_kept_goes(
    nord: District, backups: Path, of_the_beginning: None
) -> None:
    beside = ordered.order(nord.row, "wiq.dump", at="", actor=ACTOR)
    ordered.fill(beside.pk)
    ordered.swap(beside.pk, ACTOR)
    assert services.drop_due() == 0
    Beside.objects.update(until=timezone.now())
    assert services.drop_due() == 1
    with tenant_context(nord.row):
        assert not people.Team.objects.exists()
