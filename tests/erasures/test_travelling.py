"""What a district erased goes with it into another place, and into its older files."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from directory.contact.models import ContactRequest
from directory.desk import subject_data
from tenants.districts import services as districts
from tenants.provisioning import erasures as restored
from tenants.transfer.services import import_district
from tests.cast import ACTOR, District
from tests.erasures.test_restore import ERIKA, state, write, written_by
from tests.transfer.files import export, unpacked
from wiq.erasures import ledger, services
from wiq.erasures.models import Erasure
from wiq.signing import keys

Commit = Callable[..., AbstractContextManager[Any]]


@pytest.fixture(autouse=True)
def own_ledger(settings: Any, tmp_path: Path) -> None:
    settings.WIQ_LEDGER = str(tmp_path / "ledger")


def file_of(district: District, path: Path, **contents: bool) -> Path:
    path.write_bytes(export(district, **contents))
    return path


def test_an_older_file_brings_nobody_back_who_was_erased_since(
    nord: District, tmp_path: Path, django_capture_on_commit_callbacks: Commit
) -> None:
    write(nord)
    write(nord, email="otto@beispiel.example")
    older = file_of(nord, tmp_path / "alt.zip")
    with django_capture_on_commit_callbacks(execute=True), nord.inside():
        subject_data.erase(ERIKA, actor=ACTOR)
    import_district(older, slug="wieder")
    again = District("wieder")
    assert written_by(again) == 0
    assert written_by(again, "otto@beispiel.example") == 1


@pytest.mark.thorough
def test_what_was_erased_moves_on_with_the_file_to_a_platform_that_never_knew(
    nord: District, settings: Any, tmp_path: Path, platform: Any,
    django_capture_on_commit_callbacks: Commit,
) -> None:  # fmt: skip
    write(nord)
    older = file_of(nord, tmp_path / "alt.zip")
    with django_capture_on_commit_callbacks(execute=True), nord.inside():
        subject_data.erase(ERIKA, actor=ACTOR)
    newer = file_of(nord, tmp_path / "neu.zip")
    settings.WIQ_LEDGER = str(tmp_path / "elsewhere")
    with django_capture_on_commit_callbacks(execute=True):
        import_district(newer, slug="umgezogen")
    moved = District("umgezogen")
    assert services.key_of(moved.row) == services.key_of(nord.row)
    with moved.inside():
        assert Erasure.objects.filter(kind="address", written_at__isnull=False).count() == 1
    assert {line.schema for line in ledger.lines()} == {moved.row.schema_name}
    assert state(platform) == "ok"
    # Somebody finds the older file there.
    import_district(older, slug="gefunden")
    assert written_by(District("gefunden")) == 0
    assert restored.repeat_all() == {}


def test_a_file_without_personal_data_holds_no_mark_and_no_key(nord: District) -> None:
    with nord.inside():
        subject_data.erase(ERIKA, actor=ACTOR)
    files = unpacked(export(nord, personal_data=False))
    assert "erasure_key" not in json.loads(files["district.json"])
    assert "rows/erasures.erasure.jsonl" not in files
    whole = unpacked(export(nord))
    row = json.loads(whole["rows/erasures.erasure.jsonl"].splitlines()[-1])
    assert set(row) == {"uuid", "kind", "mark", "at"}
    assert json.loads(whole["district.json"])["erasure_key"] == services.key_of(nord.row).hex()


def test_the_key_of_a_district_that_came_in_a_file_follows_a_new_secret_key(
    nord: District, tmp_path: Path, settings: Any
) -> None:
    import_district(file_of(nord, tmp_path / "d.zip"), slug="neu")
    made = services.key_of(District("neu").row)
    kept = District("neu").row.erasure_key
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key of the platform, long enough for it"
    districts.relock_keys()
    settings.SECRET_KEY_FALLBACKS = []
    row = District("neu").row
    assert row.erasure_key != kept
    assert services.key_of(row) == made
    assert keys.opened(kept) is None


def test_requests_of_others_are_not_looked_at(nord: District, tmp_path: Path) -> None:
    write(nord)
    import_district(file_of(nord, tmp_path / "d.zip"), slug="neu")
    with District("neu").inside():
        assert ContactRequest.objects.count() == 1
