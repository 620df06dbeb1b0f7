"""How much a district's file may hold, which versions are read, and what its pictures may be called."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tenants.districts.models import District as Row
from tenants.transfer import file_format
from tenants.transfer.file_format import FileError
from tenants.transfer.sources import DistrictFile
from tests.transfer.files import packed, unpacked


def sizes(path: Path) -> list[int]:
    with zipfile.ZipFile(path) as opened:
        return [info.file_size for info in opened.infolist()]


def ratio(path: Path) -> float:
    return sum(sizes(path)) / max(path.stat().st_size, 5000)


@pytest.mark.parametrize(
    ("limit", "measured", "words"),
    [
        ("ENTRIES_MAX", lambda path: len(sizes(path)), "more than"),
        ("FILE_BYTES_MAX", lambda path: max(sizes(path)), "larger than"),
        ("BYTES_MAX", lambda path: sum(sizes(path)), "bomb"),
        ("RATIO_MAX", ratio, "bomb"),
    ],
)
def test_a_file_may_be_as_big_as_a_limit_and_no_bigger(
    given: Path,
    monkeypatch: pytest.MonkeyPatch,
    limit: str,
    measured: Callable[[Path], float],
    words: str,
) -> None:
    monkeypatch.setattr(file_format, limit, measured(given))
    DistrictFile(given).close()
    monkeypatch.setattr(file_format, limit, measured(given) - 0.001)
    with pytest.raises(FileError, match=words):
        DistrictFile(given)


def test_a_folder_holds_no_bigger_file_than_a_packed_one(
    given: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "folder"
    with zipfile.ZipFile(given) as opened:
        opened.extractall(folder)
    monkeypatch.setattr(file_format, "FILE_BYTES_MAX", max(sizes(given)))
    DistrictFile(folder).close()
    monkeypatch.setattr(file_format, "FILE_BYTES_MAX", max(sizes(given)) - 1)
    with pytest.raises(FileError, match="larger than"):
        DistrictFile(folder)


def test_the_limits_are_those_of_a_district_of_many_years() -> None:
    assert (file_format.ENTRIES_MAX, file_format.RATIO_MAX) == (50_000, 200)
    assert (file_format.BYTES_MAX, file_format.FILE_BYTES_MAX) == (2_000_000_000, 200_000_000)


@pytest.mark.parametrize(
    ("version", "words"),
    [
        (2, "unknown here"),
        (3, ""),
        (4, ""),
        (5, ""),
        (6, ""),
        (7, ""),
        (8, ""),
        (9, ""),
        (10, "newer"),
    ],
)
def test_the_last_seven_versions_are_read(
    given: Path, tmp_path: Path, version: int, words: str
) -> None:
    files = unpacked(given.read_bytes())
    manifest = files["manifest.json"]
    files["manifest.json"] = manifest.replace(b'"version": 9', f'"version": {version}'.encode())
    path = packed(files, tmp_path / "other.zip")
    if words:
        with pytest.raises(FileError, match=words):
            DistrictFile(path)
    else:
        DistrictFile(path).close()


@pytest.mark.parametrize(
    ("name", "is_there", "words"),
    [
        # A portrait is shown with its person's consent alone, a picture to everybody.
        ("portraits/ada.png", True, "portraits/ada.png does not belong there"),
        ("videos/ada.png", True, "videos/ada.png does not belong there"),
        ("pictures/ada.png", False, "pictures/ada.png is not in this one"),
        ("pictures/ada.png", True, ""),
    ],
)
def test_a_picture_is_a_picture_and_nobodys_portrait(
    given: Path, tmp_path: Path, name: str, is_there: bool, words: str
) -> None:
    files = unpacked(given.read_bytes())
    (old,) = [file for file in files if file.startswith("files/pictures/")]
    content = files.pop(old)
    if is_there:
        files[f"files/{name}"] = content
    rows = "rows/solutions.picture.jsonl"
    assert old.removeprefix("files/").encode() in files[rows]
    files[rows] = files[rows].replace(old.removeprefix("files/").encode(), name.encode())
    forged = packed(files, tmp_path / "forged.zip")
    if words:
        with pytest.raises(CommandError, match=words):
            call_command("import_district", str(forged), slug="nord-zwei")
    else:
        call_command("import_district", str(forged), slug="nord-zwei")
    assert Row.objects.filter(slug="nord-zwei").exists() is not bool(words)
