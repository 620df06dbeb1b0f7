"""What does not arrive whole leaves nothing behind, and another district untouched."""

import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection

from tenants.districts.models import District as Row
from tenants.moving.unpacking import BrokenOff, unpack
from tests.cast import ACTOR, District
from tests.moving.conftest import packed
from wiq.outbox.models import Pointer


def left() -> tuple[int, int, int, set[str]]:
    """Count districts, schemas and waiting mails, and name the folders of files."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'd\\_%'")
        schemas = cursor.fetchone()[0]
    folders = {folder.name for folder in Path(settings.MEDIA_ROOT).iterdir()}
    return Row.objects.count(), schemas, Pointer.objects.count(), folders


def entries(sent: bytes) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(sent)) as opened:
        return {entry.name: opened.extractfile(entry).read() for entry in opened}  # type: ignore[union-attr]


def again(files: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w|") as made:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            made.addfile(entry, io.BytesIO(content))
    return target.getvalue()


@pytest.mark.parametrize("part", [0.0, 0.02, 0.5, 0.9])
def test_a_stream_that_ends_early_leaves_nothing(sent: bytes, sued: District, part: float) -> None:
    before = left()
    with pytest.raises(BrokenOff):
        unpack(io.BytesIO(sent[: int(len(sent) * part)]), actor=ACTOR)
    assert left() == before
    assert sued.client().get("/").status_code == 200


Forge = Callable[[dict[str, bytes]], None]


def _without_end(files: dict[str, bytes]) -> None:
    del files["end.json"]


def _without_a_table(files: dict[str, bytes]) -> None:
    del files["tables/contact_contactrequest"]


def _with_another_row(files: dict[str, bytes]) -> None:
    files["tables/people_team"] = files["tables/people_team"].replace(b"Hilft", b"Hefft")


def _with_what_is_no_row(files: dict[str, bytes]) -> None:
    files["tables/people_team"] = b"1\tzwei\n"


def _with_a_file_out_of_its_folder(files: dict[str, bytes]) -> None:
    files["files/../../fremd.png"] = b"x"
    files["end.json"] = files.pop("end.json")


def _with_a_table_of_the_platform(files: dict[str, bytes]) -> None:
    files["tables/districts_district"] = b""
    files["end.json"] = files.pop("end.json")


def _of_another_version(files: dict[str, bytes]) -> None:
    files["head.json"] = json.dumps(json.loads(files["head.json"]) | {"shape": "x"}).encode()


@pytest.mark.parametrize("forge", [
    _without_end, _without_a_table, _with_another_row, _with_what_is_no_row,
    _with_a_file_out_of_its_folder, _with_a_table_of_the_platform, _of_another_version,
])  # fmt: skip
def test_what_is_not_what_was_sent_is_refused(sent: bytes, forge: Forge) -> None:
    files = entries(sent)
    forge(files)
    before = left()
    with pytest.raises(BrokenOff):
        unpack(io.BytesIO(again(files)), actor=ACTOR)
    assert left() == before


def test_a_name_that_is_taken_is_refused_and_another_one_taken(sent: bytes, sued: District) -> None:
    before = left()
    with pytest.raises(ValidationError):
        unpack(io.BytesIO(sent), actor=ACTOR, slug="sued")
    assert left() == before
    assert unpack(io.BytesIO(sent), actor=ACTOR, slug="nord-neu")[0].slug == "nord-neu"


def test_packed_twice_it_is_the_same(filled: District) -> None:
    first, second = entries(packed(filled)), entries(packed(filled))
    assert first == second
