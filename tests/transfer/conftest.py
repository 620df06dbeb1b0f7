"""What the tests of the way out and in have in common."""

from pathlib import Path

import pytest
from django.core.management import call_command

from tests.cast import District
from tests.transfer.files import fill


@pytest.fixture
def out(nord: District, tmp_path: Path) -> Path:
    """Nord as a file."""
    fill(nord)
    target = tmp_path / "nord.zip"
    call_command("export_district", "nord", str(target))
    return target
