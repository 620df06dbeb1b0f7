"""A district's file that Windows or macOS unpacked and zipped again is still one."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command

from tenants.districts.models import District as Row
from tests.transfer.files import unpacked


def with_folder(name: str) -> str:
    return f"nord/{name}"


def with_backslashes(name: str) -> str:
    return name.replace("/", "\\")


@pytest.mark.parametrize(
    ("rename", "more"),
    [
        (str, ["rows/", "files/"]),
        (with_folder, ["nord/", "nord/rows/", "__MACOSX/nord/._manifest.json", "nord/.DS_Store"]),
        (with_backslashes, ["desktop.ini", "Thumbs.db"]),
    ],
)
def test_a_file_that_was_zipped_again_is_read(
    given: Path, tmp_path: Path, rename: Callable[[str], str], more: list[str]
) -> None:
    again = tmp_path / "noch-einmal.zip"
    with zipfile.ZipFile(again, "w") as made:
        for name in more:
            made.writestr(name, b"" if name.endswith("/") else b"x")
        for name, content in unpacked(given.read_bytes()).items():
            content = b"\xef\xbb\xbf" + content if name == "manifest.json" else content
            entry = zipfile.ZipInfo(rename(name))
            entry.filename = rename(name)  # ZipInfo itself would turn it into what Linux writes
            made.writestr(entry, content)
    call_command("import_district", str(again), slug="nord-zwei")
    assert Row.objects.filter(slug="nord-zwei").exists()
