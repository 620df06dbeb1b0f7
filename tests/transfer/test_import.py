"""Importing a district folder: the shipped ones, and broken ones with file and line."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from directory.people.consents import Consent
from directory.people.models import Person, Seat, Team
from tenants.districts.models import District as Row
from tenants.transfer import demo
from tenants.transfer.services import SEEDS
from tests.cast import District
from wiq.accounts.models import User


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the first district's folder, to break."""
    return Path(shutil.copytree(SEEDS / "leipziger-westen", tmp_path / "folder"))


def test_leipziger_westen_is_what_is_known_of_it(db: None) -> None:
    call_command("import_district", str(SEEDS / "leipziger-westen"), publish=True)
    west = District("leipziger-westen")
    assert (west.row.since, west.row.phone, west.row.is_demo) == (2020, "0177 - 26 79 408", True)
    assert west.row.operator.legal_name == "Stiftung „Ecken wecken“"
    assert west.row.operator.representative == ""
    with west.inside():
        assert set(Team.objects.values_list("abbreviation", flat=True)) == {"UT", "ST", "PT", "ÖA"}
        assert Seat.objects.filter(state="taken").count() == Seat.objects.count() == 8
        assert Person.objects.shown().count() == 3
        assert not Person.objects.exclude(quote="").exists()
        assert Consent.objects.to_be_asked_for().count() == 3
    page = west.client().get("/menschen/").content.decode()
    assert "Quentin Kügler" in page
    assert "0177 - 26 79 408" in west.client().get("/").content.decode()


def test_outside_a_demo_the_three_wait_to_be_asked(folder: Path, db: None) -> None:
    data = json.loads((folder / "district.json").read_text())
    data["is_demo"] = False
    (folder / "district.json").write_text(json.dumps(data))
    call_command("import_district", str(folder), slug="westen-echt", publish=True)
    page = District("westen-echt").client().get("/menschen/").content.decode()
    assert "Quentin" not in page


def test_the_demo_is_imported_once_and_both_districts_are_apart(db: None) -> None:
    assert [district.slug for district in demo.import_missing()] == list(demo.DISTRICTS)
    assert demo.import_missing() == []
    demo.set_up_accounts("ein Kennwort zum Probieren")
    demo.set_up_accounts("ein anderes Kennwort")
    assert User.objects.get(email="projektteam@wiq.example").check_password("ein anderes Kennwort")
    west, east = District("leipziger-westen"), District("leipziger-osten")
    with west.inside():
        assert {user.role for user in User.objects.all()} == {"coordinator", "editor"}
    with east.inside():
        assert not User.objects.exists()
    assert "Dohrn" not in east.client().get("/menschen/").content.decode()
    assert Row.objects.get(slug="leipziger-osten").operator == west.row.operator


def broken(file: str, text: str | None) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        target = folder / file
        target.unlink(missing_ok=True)
        if text is not None:
            target.write_text(text)

    return change


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (broken("manifest.json", None), "manifest.json: missing"),
        (broken("manifest.json", "{"), "manifest.json: not JSON"),
        (broken("manifest.json", '{"format": "other"}'), "no wiq-district folder"),
        (broken("manifest.json", '{"format": "wiq-district", "version": 3}'), "version 3"),
        (broken("district.json", "[]"), "not a JSON object"),
        (broken("district.json", '{"slug": "x1", "shoe": 1}'), "unknown: shoe"),
        (broken("teams.jsonl", '\n{"slug": "a", "kind": "x"}'), "teams.jsonl, line 2"),
        (broken("teams.jsonl", '{"slug": "a", "shoe": 1}'), "teams.jsonl, line 1"),
        (broken("seats.jsonl", '{"team": "nirgends"}'), "unknown team 'nirgends'"),
        (broken("people.jsonl", '{"slug": "../../../passwd", "name": "x"}'), "outside"),
        (broken("consents.jsonl", "{}"), "unknown person None"),
    ],
)
def test_a_broken_folder_creates_nothing_and_says_where(
    folder: Path, change: Callable[[Path], None], words: str, nord: District
) -> None:
    change(folder)
    before = Row.objects.count()
    with pytest.raises(CommandError, match=words.replace("'", ".")):
        call_command("import_district", str(folder))
    assert Row.objects.count() == before


def test_a_token_stands_alone_on_the_last_line(
    nord: District, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("create_api_token", "coordinator@nord.example", district="nord")
    token = capsys.readouterr().out.splitlines()[-1]
    client = nord.client(authorization=f"Bearer {token}")
    assert client.get("/api/v1/contact-requests/").status_code == 200
    with pytest.raises(CommandError, match="no account"):
        call_command("create_api_token", "coordinator@sued.example", district="nord")
    with pytest.raises(CommandError, match="no district"):
        call_command("create_api_token", "x@y.example", district="nirgends")
    call_command("create_api_token", "team@plattform.example", platform=True)
