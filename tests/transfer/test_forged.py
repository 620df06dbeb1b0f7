"""Files that are refused, and what stays behind of those that are not."""

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from PIL import Image

from tenants.districts.models import District as Row
from tests.cast import District
from tests.transfer.files import packed, pictures_of, unpacked
from tests.videos.films import PLACE, film


def test_a_file_that_breaks_off_leaves_nothing(given: Path, tmp_path: Path) -> None:
    half = tmp_path / "halb.zip"
    half.write_bytes(given.read_bytes()[:-300])
    with pytest.raises(CommandError, match="no whole ZIP"):
        call_command("import_district", str(half), slug="nord-zwei")


def changed(name: str, change: Callable[[bytes], bytes]) -> Callable[[dict[str, bytes]], None]:
    def apply(files: dict[str, bytes]) -> None:
        files[name] = change(files.get(name, b""))

    return apply


def added(name: str, content: bytes = b"x") -> Callable[[dict[str, bytes]], None]:
    return changed(name, lambda _old: content)


PEOPLE, SEATS = "rows/people.person.jsonl", "rows/people.seat.jsonl"
DATES, DAYS = "rows/events.event.jsonl", "rows/events.occurrence.jsonl"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (added("../../etc/passwd"), "leads out"),
        (added("/etc/passwd"), "leads out"),
        (added("rows/..\\x.jsonl"), "leads out"),
        (added("rows/sessions.session.jsonl", b'{"session_key": "x"}\n'), "no such thing"),
        (added("programm.py"), "does not belong"),
        (added("files/portraits/a.svg"), "does not belong"),
        (added("files/portraits/a.jpg", b"<svg/>"), "kein Bild"),
        (changed(SEATS, lambda b: b.replace(b'"team_id": 2', b'"team_id": 999')), "not in this file"),
        (changed(PEOPLE, lambda b: b.replace(b'"id": 1,', b'"id": 2,')), "people.person"),
        (changed(PEOPLE, lambda b: b + b"{"), "line 4: not JSON"),
        (changed(PEOPLE, lambda b: b.replace(b'"slug"', b'"shoe"')), "unknown: shoe"),
        (changed(PEOPLE, lambda b: b.replace(b'"id": 1', b'"id": "x"')), "people.person"),
        (changed(PEOPLE, lambda b: b"\xff" + b), "not UTF-8"),
        (changed("district.json", lambda b: b"[]"), "not a JSON object"),
        (changed("district.json", lambda b: b.replace(b"{", b'{"operator": {"pk": 1},', 1)), "operator"),
        (changed("rows/accounts.user.jsonl", lambda b: b.replace(b'"editor"', b'"project_team"')), "Rolle"),
        (changed("district.json", lambda b: b.replace(b'"city"', b'"shoe"')), "unknown: shoe"),
        # A person's portrait, with no consent to guard it; a picture that is not there.
        (changed("district.json", lambda b: re.sub(rb'"logo": ""', b'"logo": "portraits/ada.jpg"', b)), "portraits/ada.jpg"),
        (changed("district.json", lambda b: re.sub(rb'"logo": ""', b'"logo": "district/no.jpg"', b)), "district/no.jpg"),
        (changed("district.json", lambda b: re.sub(rb'"logo": ""', b'"logo": ["x"]', b)), "picture"),
        (changed("district.json", lambda b: b.replace(b'"reply_numbers": [', b'"reply_numbers": ["a", ')), "reply_numbers"),
        (changed("manifest.json", lambda b: b.replace(b'"version": 9', b'"version": 10')), "newer"),
        (changed("manifest.json", lambda b: b.replace(b"wiq-district", b"other")), "no wiq-district"),
        (changed(DATES, lambda b: b.replace(b"FREQ=WEEKLY;UNTIL", b"FREQ=SECONDLY;UNTIL")), "rule: Ein Termin wiederholt sich"),
        (changed(DATES, lambda b: re.sub(rb'"day": "\d+', b'"day": "0026', b)), "day: .*vier Ziffern"),
        (changed(DATES, lambda b: re.sub(rb'"day": "\d+', b'"day": "9999', b)), "So weit im Voraus"),
        (changed(DAYS, lambda b: re.sub(rb'"end_day": "\d+', b'"end_day": "9999', b)), "So weit im Voraus"),
        # What Python or PostgreSQL can't hold, and what would stop counting, or pages, later.
        (changed(PEOPLE, lambda b: b.replace(b'"id": 1,', b'"id": Infinity,')), "people.person"),
        (changed(PEOPLE, lambda b: b.replace(b'"id": 1,', b'"id": 1e400,')), "people.person"),
        (changed(PEOPLE, lambda b: b.replace(b'"id": 1,', b'"id": -1,')), "-1 is no key"),
        (changed(PEOPLE, lambda b: b.replace(b'"id": 3,', b'"id": 9223372036854775807,')), "is no key"),
        (changed(SEATS, lambda b: re.sub(rb'"team_id": \d+', b'"team_id": 1' + b"0" * 30, b)), "people.seat"),
        (changed(DATES, lambda b: re.sub(rb'"created_at": "\d+', b'"created_at": "9999', b)), "created_at: 9999"),
        (changed(DATES, lambda b: re.sub(rb'"created_at": "\d+', b'"created_at": "0001', b)), "created_at: .*vier Ziffern"),
        (changed("district.json", lambda b: re.sub(rb'"retention_months": \d+', b'"retention_months": 1e999', b)), "district.json"),
        (changed("district.json", lambda b: b.replace(b'"kit": []', b'"kit": ["x"]')), "district.json"),
        (changed("district.json", lambda b: b.replace(b'"kit": []', b'"kit": [{"key": "a", "version": 1}, {"key": "a", "version": 1}]')), "same key twice"),
    ],
)  # fmt: skip
def test_a_forged_file_is_refused_with_one_clear_line_and_leaves_nothing(
    given: Path, tmp_path: Path, change: Callable[[dict[str, bytes]], None], words: str
) -> None:
    files = unpacked(given.read_bytes())
    assert b'"logo": ""' in files["district.json"]
    change(files)
    forged = packed(files, tmp_path / "forged.zip")
    before = Row.objects.count(), set(Path(settings.MEDIA_ROOT).rglob("*"))
    with pytest.raises(CommandError, match=words) as refused:
        call_command("import_district", str(forged), slug="nord-zwei")
    assert "\n" not in str(refused.value)
    assert (Row.objects.count(), set(Path(settings.MEDIA_ROOT).rglob("*"))) == before


def test_a_wrong_checksum_a_missing_and_a_hidden_file_are_named(
    given: Path, tmp_path: Path
) -> None:
    original = unpacked(given.read_bytes())
    changes: list[tuple[dict[str, bytes], str]] = [
        (original | {PEOPLE: original[PEOPLE].replace(b"Ada", b"Eva")}, "checksum is wrong"),
        ({n: c for n, c in original.items() if n != PEOPLE}, "missing in the file"),
        (original | {"rows/pages.text.jsonl": b"", "rows/x.y.jsonl": b""}, "not in the list"),
    ]
    for files, words in changes:
        target = tmp_path / "x.zip"
        with zipfile.ZipFile(target, "w") as opened:
            for name, content in files.items():
                opened.writestr(name, content)
        with pytest.raises(CommandError, match=words):
            call_command("import_district", str(target), slug="nord-zwei")


def test_a_file_of_the_version_before_is_read(given: Path, tmp_path: Path) -> None:
    files = unpacked(given.read_bytes())
    came_since = ("following.subscription", "events.event", "events.occurrence")
    for label in came_since:
        files.pop(f"rows/{label}.jsonl", None)
    files["manifest.json"] = files["manifest.json"].replace(b'"version": 9', b'"version": 3')
    call_command("import_district", str(packed(files, tmp_path / "old.zip")), slug="nord-zwei")
    assert Row.objects.filter(slug="nord-zwei").exists()


def test_what_stands_beside_a_picture_or_a_film_stays_behind(given: Path, tmp_path: Path) -> None:
    files = unpacked(given.read_bytes())
    name = next(name for name in files if name.startswith("files/pictures/"))
    beside = Image.Exif()
    beside[0x0110] = "Kamera von Ada"
    with Image.open(io.BytesIO(files[name])) as opened:
        for other, kind in (
            (name, "JPEG"),
            ("files/pictures/b.png", "PNG"),
            ("files/pictures/w.webp", "WEBP"),
        ):
            content = io.BytesIO()
            opened.save(content, kind, exif=beside)
            files[other] = content.getvalue()
    films = {f"files/videos/{'a' * 24}.{kind}": film(kind) for kind in ("mp4", "webm")}
    assert all(PLACE.encode() in content for content in films.values())
    call_command("import_district", str(packed(files | films, tmp_path / "n.zip")), slug="neu")
    kept = pictures_of(District("neu"))
    assert {name.removeprefix("files/") for name in files | films if "files/" in name} <= set(kept)
    assert not [
        name for name, content in kept.items() if b"Ada" in content or PLACE.encode() in content
    ]


def test_a_film_that_says_it_is_of_another_kind_is_refused(given: Path, tmp_path: Path) -> None:
    name = f"files/videos/{'a' * 24}.mp4"
    files = unpacked(given.read_bytes()) | {name: film("webm")}
    with pytest.raises(CommandError, match=r"this film ends with \.webm"):
        call_command("import_district", str(packed(files, tmp_path / "f.zip")), slug="nord-zwei")
    assert not Row.objects.filter(slug="nord-zwei").exists()


def test_a_bomb_is_not_unfolded(given: Path, tmp_path: Path) -> None:
    files = unpacked(given.read_bytes()) | {PEOPLE: b" " * 60_000_000}
    with pytest.raises(CommandError, match="bomb"):
        call_command("import_district", str(packed(files, tmp_path / "b.zip")), slug="nord-zwei")
