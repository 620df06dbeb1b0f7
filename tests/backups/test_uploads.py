"""Uploaded files between two backups: what came since the last pass leaves within minutes."""

import os
import shutil
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile

from tests.backups.primary import NORD, SUED, Primary, keys
from tests.backups.test_backup import taken
from tests.backups.test_bucket import s3
from tests.media.s3 import S3Server
from wiq.backups import catalogue, checking, fetching, files, keeping, passes
from wiq.backups.catalogue import PASSES
from wiq.backups.fetching import Places
from wiq.backups.taking import wanted_recipients
from wiq.backups.target_address import target_of
from wiq.backups.targets import FolderTarget, Target
from wiq.backups.trouble import BackupError, Why
from wiq.media.bucket import DistrictBucket
from wiq.media.bucket_address import bucket_of
from wiq.media.storage import district_files

__all__ = ["s3"]  # a fixture

pytestmark = pytest.mark.thorough


def upload(schema: str, name: str, content: bytes = b"Bild") -> None:
    district_files().of(schema).save(name, ContentFile(content))


def bring(target: Target) -> int:
    brought = passes.bring(target, wanted_recipients())
    assert brought is not None
    return brought


def back(target: Target, place: Path, moment: datetime | None = None) -> set[str]:
    """Return the names of all that a restore brings."""
    places = Places.inside(place / f"back-{time.monotonic_ns()}")
    places.data.parent.mkdir()
    fetching.uploads(target, places.files, places.ledger, moment, "")
    return {f.relative_to(places.files).as_posix() for f in places.files.rglob("*") if f.is_file()}


def test_what_came_after_the_backup_comes_back_with_it(
    server: Primary, target: FolderTarget, place: Path
) -> None:
    upload(NORD, "alt.jpg")
    # The first backup brings everything.
    assert passes.bring(target, wanted_recipients()) is None
    assert not target.listed(PASSES)
    taken(server, target)
    upload(NORD, "kontakte/neu.jpg")
    upload(SUED, "neu.jpg", b"Film" * 100_000)
    assert bring(target) >= 2
    assert bring(target) == 0
    upload(SUED, "noch-neuer.jpg")
    assert bring(target) == 1
    shutil.rmtree(place / "media")
    assert back(target, place) == {
        f"{NORD}/alt.jpg", f"{NORD}/kontakte/neu.jpg", f"{SUED}/neu.jpg", f"{SUED}/noch-neuer.jpg",
    }  # fmt: skip
    [first, *_more] = sorted(target.listed(PASSES))
    assert (Path(target.root) / first).read_bytes().startswith(b"age-encryption.org/v1")


def test_bucket_to_bucket(
    server: Primary, s3: S3Server, place: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a real S3 server, both for the files and for the backups."""
    settings.WIQ_BACKUP_URL = s3.url(f"sicherung/{place.name}")
    bucket = DistrictBucket(**bucket_of(s3.url(f"dateien/{place.name}")))
    for module in ("tests.backups.test_uploads", "wiq.backups.passes", "wiq.backups.files"):
        monkeypatch.setattr(f"{module}.district_files", lambda: bucket)
    target = target_of(settings.WIQ_BACKUP_URL)
    upload(NORD, "alt.jpg")
    taken(server, target)
    upload(NORD, "neu.jpg")
    assert bring(target) >= 1
    assert bring(target) == 0
    upload(SUED, "später.jpg")
    assert bring(target) == 1
    assert back(target, place) == {f"{NORD}/alt.jpg", f"{NORD}/neu.jpg", f"{SUED}/später.jpg"}
    assert checking.check(target, patience=5).is_well


def test_to_a_moment_comes_what_its_rows_may_name_and_hardly_more(
    server: Primary, target: FolderTarget, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken(server, target)
    for hours in (1, 2, 5, 8):
        moment = datetime.now(UTC) + timedelta(hours=hours)
        with monkeypatch.context() as patched:
            patched.setattr(catalogue, "next_id", lambda _target, at=moment: catalogue.new_id(at))
            upload(NORD, f"nach-{hours}.jpg")
            assert bring(target) == 1
    [backup_id] = catalogue.finished(target)
    assert len(passes.following(target, backup_id, None)) == 4
    # Uploaded just before the moment, it left with the first pass after it.
    wanted = datetime.now(UTC) + timedelta(minutes=90)
    assert len(passes.following(target, backup_id, wanted)) == 3


def test_a_pass_that_fails_is_made_up_for_by_the_next(
    server: Primary, target: FolderTarget, place: Path
) -> None:
    taken(server, target)
    upload(NORD, "neu.jpg")
    (Path(target.root) / "uploads").write_text("im Weg")
    with pytest.raises(BackupError) as error:
        bring(target)
    assert error.value.why == Why.REFUSED
    (Path(target.root) / "uploads").unlink()
    assert bring(target) >= 1
    assert f"{NORD}/neu.jpg" in back(target, place)


def test_files_that_cannot_be_read_are_told_apart_from_a_target_that_refuses(
    server: Primary, target: FolderTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken(server, target)
    upload(NORD, "neu.jpg")

    def away(*words: Any) -> Any:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(files, "pack", away)
    with pytest.raises(BackupError) as error:
        bring(target)
    assert (error.value.why, error.value.what) == (Why.UPLOADS, "Input/output error")
    assert not target.listed(PASSES)


@pytest.mark.parametrize("hours", [-30, 30])
def test_clocks_that_err_hide_no_file(
    server: Primary, target: FolderTarget, place: Path, hours: int
) -> None:
    """Of the machine on which files lie, for instance another one's folder that is mounted."""
    taken(server, target)
    for number in range(3):
        upload(NORD, f"{number}.jpg")
        file = place / "media" / NORD / f"{number}.jpg"
        wrong = time.time() + hours * 3600 + number
        os.utime(file, (wrong, wrong))
        assert bring(target) >= 1, number
    assert {f"{NORD}/{number}.jpg" for number in range(3)} <= back(target, place)


def test_what_was_moved_here_with_its_old_date_leaves_too_and_once(
    server: Primary, target: FolderTarget, place: Path
) -> None:
    taken(server, target)
    old = place / "alt.jpg"
    old.write_bytes(b"von woanders")
    os.utime(old, (1_000_000_000, 1_000_000_000))
    (place / "media" / NORD).mkdir(parents=True)
    old.rename(place / "media" / NORD / "alt.jpg")
    assert bring(target) == 1
    assert bring(target) == 0
    assert f"{NORD}/alt.jpg" in back(target, place)


def test_a_machine_that_forgot_brings_what_came_since_the_last_backup(
    server: Primary, target: FolderTarget, place: Path
) -> None:
    taken(server, target)
    upload(NORD, "neu.jpg")
    assert bring(target) >= 1
    (place / "state" / passes.STATE).unlink()
    assert bring(target) >= 1
    upload(NORD, "neuer.jpg")
    assert bring(target) == 1
    assert {f"{NORD}/neu.jpg", f"{NORD}/neuer.jpg"} <= back(target, place)


def test_a_pass_that_nobody_can_open_fails_the_check(
    server: Primary, target: FolderTarget, place: Path
) -> None:
    taken(server, target)
    upload(NORD, "neu.jpg")
    bring(target)
    assert checking.check(target, patience=5).is_well
    [only] = target.listed(PASSES)
    file = Path(target.root) / only
    file.write_bytes(file.read_bytes()[:-30])
    found = checking.check(target, patience=5)
    assert found.why == Why.BROKEN and only in found.what


def test_passes_from_before_all_moments_go(
    server: Primary, target: FolderTarget, place: Path, settings: Any
) -> None:
    settings.WIQ_BACKUP_KEEP = (1, 0, 0)
    taken(server, target)
    upload(NORD, "neu.jpg")
    bring(target)
    taken(server, target)
    upload(NORD, "neuer.jpg")
    bring(target)
    assert len(target.listed(PASSES)) == 2
    keeping.prune(target)
    assert len(target.listed(PASSES)) == 1
    assert {f"{NORD}/neu.jpg", f"{NORD}/neuer.jpg"} <= back(target, place)


def test_another_key_opens_no_pass(
    server: Primary, target: FolderTarget, place: Path, settings: Any
) -> None:
    taken(server, target)
    upload(NORD, "neu.jpg")
    bring(target)
    settings.WIQ_BACKUP_IDENTITY, _public = keys(place, "another")
    with pytest.raises(BackupError, match="Schlüssel passt nicht"):
        back(target, place)
