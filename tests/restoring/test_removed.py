"""A district of a backup becomes a file: so one that was removed since comes back."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django_tenants.utils import tenant_context

from directory.people import services as people
from directory.people.models import Team
from tenants.districts.models import District as Row
from tests.cast import ACTOR, District
from tests.restoring.test_restore import dump, names

__all__ = ["dump"]  # a fixture

pytestmark = pytest.mark.thorough


def test_it_is_imported_as_it_was_and_the_others_are_not_in_the_file(
    nord: District, sued: District, dump: Path, tmp_path: Path
) -> None:
    before, file = names(nord, Team), tmp_path / "nord.zip"
    with nord.inside():
        people.remove(Team.objects.get(slug="geheim"), actor=ACTOR)
    call_command("extract_district", "nord", str(file), "--from", str(dump))
    call_command("import_district", str(file), slug="wieder")
    with tenant_context(Row.objects.get(slug="wieder")):
        assert set(Team.objects.values_list("name", flat=True)) == before
    assert not (before & names(sued, Team))
    assert file.stat().st_mode & 0o077 == 0


def test_what_the_backup_has_not_is_said(nord: District, dump: Path, tmp_path: Path) -> None:
    file = tmp_path / "x.zip"
    with pytest.raises(CommandError, match=r"not in this backup \(osten\)"):
        call_command("extract_district", "osten", str(file), "--from", str(dump))
    no_backup = tmp_path / "wiq.dump"
    no_backup.write_text("x")
    with pytest.raises(CommandError, match="pg_restore"):
        call_command("extract_district", "nord", str(file), "--from", str(no_backup))
    assert not file.exists()
    with pytest.raises(CommandError, match="comes back by extract_district"):
        call_command("restore_district", "osten", "--from", str(dump))
