"""What the night deletes of stored files: what no row names, and nothing else."""

import os
import secrets
import time
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from tenants.districts import services as districts
from tenants.lifecycle.tasks import tend
from tests.cast import ACTOR, District
from wiq.media.night import AGE_SECONDS, delete_files_of_nobody


def stored(name: str, age: float = 2 * AGE_SECONDS) -> Path:
    """Store a file in the current district, as if so many seconds ago."""
    path = Path(default_storage.path(default_storage.save(name, ContentFile(b"x"))))
    os.utime(path, (0, time.time() - age))
    return path


@pytest.fixture
def named(nord: District) -> list[Path]:
    """Files that rows of Nord name, old ones: a portrait, a smaller one of it, the logo."""
    ada, unique = nord.person("ada"), secrets.token_hex(4)
    portrait, logo = f"portraits/{unique}.jpg", f"district/{unique}.jpg"
    with nord.inside():
        type(ada).objects.filter(pk=ada.pk).update(portrait=portrait, portrait_alt="Ada")
        files = [stored(name) for name in (portrait, f"smaller/{portrait}/320.avif", logo)]
    districts.update(nord.row, actor=ACTOR, logo=logo)
    return files


def test_what_no_row_names_goes_after_a_day_and_the_rest_stays(
    nord: District, sued: District, named: list[Path]
) -> None:
    with sued.inside():
        neighbours = stored("portraits/b1.jpg")
    with nord.inside():
        young = stored("portraits/c1.jpg", age=AGE_SECONDS - 60)
        elsewhere = stored("notes/d1.txt")
        gone = [stored(name) for name in (
            "portraits/e1.jpg", "smaller/portraits/e1.jpg/320.avif", "district/f1.jpg",
            "videos/g1.mp4", "pictures/h1.png")]  # fmt: skip
        assert delete_files_of_nobody() == len(gone)
        assert delete_files_of_nobody() == 0
    assert not any(path.exists() for path in gone)
    assert all(path.exists() for path in (*named, young, elsewhere, neighbours))


def test_the_night_of_a_district_does_it(nord: District, named: list[Path]) -> None:
    with nord.inside():
        orphan = stored("portraits/i1.jpg")
    tend.apply(headers={"_schema_name": nord.row.schema_name}, throw=True)
    assert not orphan.exists()
    assert [path for path in named if not path.exists()] == []
