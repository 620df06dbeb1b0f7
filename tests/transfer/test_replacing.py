"""A district's file comes back under its own name, on the operator's word, and a way back."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from directory.people import services as people
from directory.people.models import Person, Team
from tenants.districts import services as districts
from tenants.provisioning.models import Beside
from tests.cast import ACTOR, District


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
    call_command("import_district", str(file), "--replace", "nord.localhost")
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


def test_without_the_word_or_with_another_host_it_is_refused(nord: District, file: Path) -> None:
    before = teams(nord)
    with pytest.raises(CommandError, match="gibt es schon"):
        call_command("import_district", str(file))
    with pytest.raises(CommandError, match="no district at"):
        call_command("import_district", str(file), "--replace", "ost.localhost")
    assert teams(nord) == before
    assert not Beside.objects.exists()


def test_a_broken_file_changes_nothing(nord: District, tmp_path: Path) -> None:
    path = tmp_path / "kaputt.zip"
    path.write_text("kein ZIP")
    before = teams(nord)
    with pytest.raises(CommandError):
        call_command("import_district", str(path), "--replace", "nord.localhost")
    assert teams(nord) == before
    assert not Beside.objects.exists()
