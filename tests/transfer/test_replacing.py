"""A district's file comes back under its own name, on the operator's word, and a way back."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django_tenants.utils import tenant_context

from directory.people import services as people
from directory.people.models import Person, Team
from tenants.districts import services as districts
from tenants.provisioning.models import Beside
from tenants.restoring import carrying
from tests.cast import ACTOR, District
from tests.transfer.files import packed, unpacked
from wiq.erasures import ledger
from wiq.erasures.models import Erasure


@pytest.fixture
def file(nord: District, tmp_path: Path) -> Path:
    path = tmp_path / "nord.zip"
    call_command("export_district", "nord", str(path))
    return path


def teams(district: District) -> set[str]:
    with district.inside():
        return set(Team.objects.values_list("slug", flat=True))


def test_it_takes_the_place_of_what_stands_and_leads_back(
    nord: District, sued: District, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before, neighbour, name = teams(nord), teams(sued), nord.row.name
    with nord.inside():
        people.remove(Team.objects.get(slug="geheim"), actor=ACTOR)
        people.remove(Person.objects.get(slug="cem"), actor=ACTOR)
    districts.update(nord.row, actor=ACTOR, name="Verschrieben")
    # Neither a contract that was signed nor the end of being a demo is turned back.
    signed = date(2026, 11, 30)
    is_demo = not nord.row.is_demo
    districts.update(nord.row, actor=ACTOR, processing_agreement_on=signed, is_demo=is_demo)
    call_command("import_district", str(file), "--replace", "nord.localhost")
    assert (nord.row.processing_agreement_on, nord.row.is_demo) == (signed, is_demo)
    assert "1 Team (Geheim Nordviertel)" in capsys.readouterr().out
    assert teams(nord) == before
    assert (nord.row.name, nord.row.state) == (name, "published")
    with nord.inside():
        assert not Person.objects.filter(slug="cem").exists()
    assert nord.client().get("/").status_code == 200
    assert teams(sued) == neighbour
    call_command("undo_restore", "nord")
    assert "geheim" not in teams(nord)
    assert nord.row.name == "Verschrieben"


def test_who_is_erased_while_the_swap_waits_for_its_turn_stays_erased(
    nord: District, file: Path, monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    carry_over = carrying.carry_over

    def and_then_somebody_is_erased(district: Any, restored: Any, beside: Beside) -> None:
        carry_over(district, restored, beside)
        if beside.stage == Beside.Stage.READY:
            with tenant_context(district):
                people.remove(Person.objects.get(slug="cem"), actor=ACTOR)

    monkeypatch.setattr(carrying, "carry_over", and_then_somebody_is_erased)
    with django_capture_on_commit_callbacks(execute=True):
        call_command("import_district", str(file), "--replace", "nord.localhost")
    with nord.inside():
        assert set(Person.objects.values_list("slug", flat=True)) == {"ada", "ben"}
        newest = str(Erasure.objects.latest("at").pk)
    assert newest in {line.uuid for line in ledger.lines()}


def test_without_the_word_or_with_another_host_it_is_refused(nord: District, file: Path) -> None:
    before = teams(nord)
    with pytest.raises(CommandError, match="gibt es schon"):
        call_command("import_district", str(file))
    with pytest.raises(CommandError, match="no district at"):
        call_command("import_district", str(file), "--replace", "ost.localhost")
    assert teams(nord) == before
    assert not Beside.objects.exists()


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        # A portrait is shown with its person's consent alone, a logo to everybody.
        (b'"logo": ""', b'"logo": "portraits/ada.jpg"', "portraits/ada.jpg is not in this file"),
        (b'"kit": []', b'"kit": "x"', "district.json"),
        (b'"kit": []', b'"kit": [{"key": "a"}]', "version"),
        (b'"slug": "nord"', b'"slug": "west"', "this is west, and not nord"),
    ],
)
def test_a_forged_file_is_refused_with_one_clear_line(
    nord: District, file: Path, tmp_path: Path, old: bytes, new: bytes, words: str
) -> None:
    files = unpacked(file.read_bytes())
    assert old in files["district.json"]
    said = files["district.json"].replace(old, new)
    # By the key that it brings along, a file would be known under any name.
    files["district.json"] = re.sub(rb'"erasure_key": "\w+"', b'"erasure_key": ""', said)
    files["files/portraits/ada.jpg"] = b"x"
    before = teams(nord)
    with pytest.raises(CommandError, match=words):
        path = packed(files, tmp_path / "forged.zip")
        call_command("import_district", str(path), "--replace", "nord.localhost")
    assert teams(nord) == before
    assert not Beside.objects.exists()


def test_the_file_of_another_district_is_refused_and_that_of_an_older_name_is_not(
    nord: District, sued: District, file: Path
) -> None:
    with pytest.raises(CommandError, match="this is nord, and not sued"):
        call_command("import_district", str(file), "--replace", "sued.localhost")
    assert not Beside.objects.exists()
    districts.make_primary(nord.row, "norden.localhost")
    call_command("import_district", str(file), "--replace", "norden.localhost")


def test_a_broken_file_changes_nothing(nord: District, tmp_path: Path) -> None:
    path = tmp_path / "kaputt.zip"
    path.write_text("kein ZIP")
    before = teams(nord)
    with pytest.raises(CommandError):
        call_command("import_district", str(path), "--replace", "nord.localhost")
    assert teams(nord) == before
    assert not Beside.objects.exists()
