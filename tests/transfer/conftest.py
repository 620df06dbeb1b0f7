"""What the tests of the way out and in have in common."""

import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from tests.cast import District
from tests.transfer.files import fill


@pytest.fixture(autouse=True)
def _no_files_of_others() -> None:
    """Remove what other tests left: here every file of a district is counted."""
    shutil.rmtree(settings.MEDIA_ROOT)
    Path(settings.MEDIA_ROOT).mkdir()


@pytest.fixture
def out(nord: District, tmp_path: Path) -> Path:
    """Nord as a file."""
    fill(nord)
    target = tmp_path / "nord.zip"
    call_command("export_district", "nord", str(target))
    return target


@pytest.fixture(scope="session")
def kept() -> dict[str, bytes]:
    """Files that one test has made and others only read."""
    return {}


@pytest.fixture
def given(nord: District, tmp_path: Path, kept: dict[str, bytes]) -> Path:
    """Nord as a file, from elsewhere: made once, for whoever only reads it."""
    target = tmp_path / "given.zip"
    if "nord" not in kept:
        fill(nord)
        call_command("export_district", "nord", str(target))
        kept["nord"] = target.read_bytes()
        shutil.rmtree(settings.MEDIA_ROOT)
        Path(settings.MEDIA_ROOT).mkdir()
    target.write_bytes(kept["nord"])
    return target
