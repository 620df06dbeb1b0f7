"""The same from a bucket, on a real S3 server; and what happens where there is no room."""

import socket
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from tests.backups.primary import Primary, keys
from tests.backups.test_backup import notes_of, taken
from tests.faults.outages import full, small_disk
from tests.media.s3 import S3Server, program
from wiq.backups import catalogue, checking, fetching, files, ledger_copy, taking
from wiq.backups.fetching import Places
from wiq.backups.taking import wanted_recipients
from wiq.backups.target_address import target_of
from wiq.backups.targets import Target
from wiq.backups.trouble import BackupError, Why
from wiq.erasures import ledger
from wiq.media.storage import district_files

pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    folder = tmp_path_factory.mktemp("s3")
    server = S3Server(program(), folder).start()
    yield server
    server.stop()


@pytest.fixture
def bucket(s3: S3Server, place: Path, settings: Any) -> Target:
    """The bucket, below a prefix of this test."""
    settings.WIQ_BACKUP_URL = s3.url(f"sicherung/{place.name}")
    return target_of(settings.WIQ_BACKUP_URL)


def test_the_server_is_killed_and_comes_back_from_the_bucket_as_it_was_between_two_rows(
    age: None, s3: S3Server, place_of_its_own: Any
) -> None:
    with place_of_its_own(s3) as (server, target, place):
        taken(server, target)
        server.note("vor der zweiten")
        assert taken(server, target).kind == "incremental"
        server.note("die letzte")
        moment = datetime.fromisoformat(server.now())
        server.note("ein Versehen")
        server.ship(target)
        server.kill()
        places = Places.inside(place / "back")
        fetching.fetch(target, places, moment)
        notes = notes_of(places, moment)
        assert notes[-2:] == ["vor der zweiten", "die letzte"]
        stored = [s3.client().get_object(Bucket="wiq-dateien", Key=key)["Body"].read()
                  for key in s3.listed("alles/") if key.endswith(".age")]  # fmt: skip
        assert stored and all(one.startswith(b"age-encryption.org/v1") for one in stored)


def test_a_wrong_key_and_a_missing_link_are_told_from_a_bucket_too(
    server: Primary, bucket: Target, place: Path, settings: Any
) -> None:
    first, second = taken(server, bucket), taken(server, bucket)
    assert checking.check(bucket, patience=5).is_well
    right = settings.WIQ_BACKUP_IDENTITY
    settings.WIQ_BACKUP_IDENTITY, _public = keys(place, "another")
    assert checking.check(bucket, patience=5).why == Why.KEY
    settings.WIQ_BACKUP_IDENTITY = right
    with bucket.open(second.base.key) as file:
        content = file.read()
    bucket.put(second.base.key, BytesIO(content[:-5000]))
    assert checking.check(bucket, patience=5).why == Why.BROKEN
    bucket.put(second.base.key, BytesIO(content))
    bucket.remove(first.base.key)
    found = checking.check(bucket, patience=5)
    assert (found.why, found.what) == (Why.CHAIN, first.base.key)


def test_a_bucket_that_is_away_or_refuses_is_told_and_nothing_is_half(
    server: Primary, s3: S3Server, bucket: Target, place: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        nobody = f"http://127.0.0.1:{probe.getsockname()[1]}"
    wrong = s3.url("sicherung", secret="ein anderes")
    away = s3.url("sicherung").replace(s3.endpoint, nobody)
    for address, word in ((wrong, "SignatureDoesNotMatch"), (away, "EndpointConnectionError")):
        with pytest.raises(BackupError) as error:
            taking.take(target_of(address))
        assert error.value.why == Why.REFUSED and word in error.value.what
        assert checking.check(target_of(address)).why == Why.REFUSED
    assert bucket.listed("") == {}


def test_a_database_that_breaks_off_leaves_nothing_in_the_bucket(
    server: Primary, bucket: Target, settings: Any
) -> None:
    settings.WIQ_BACKUP_DATABASE = server.database | {"USER": "wiq"}
    with pytest.raises(BackupError, match="gibt keine Sicherung her"):
        taking.take(bucket)
    assert bucket.listed("") == {}


@pytest.mark.parametrize("address", ["", "sicherungen", "s3://", "ftp://rechner/ordner"])
def test_an_address_that_cannot_be_meant_is_refused(address: str) -> None:
    with pytest.raises(BackupError, match="WIQ_BACKUP_URL"):
        target_of(address)


def test_a_full_target_is_told_and_keeps_nothing_half(
    server: Primary, place: Path, settings: Any
) -> None:
    with small_disk(30) as disk:
        target = target_of(str(disk))
        backup = taken(server, target)
        with full(disk), pytest.raises(BackupError, match="ist voll"):
            taking.take(target)
        assert list(catalogue.finished(target)) == [backup.id]
        assert not list(disk.rglob(".half-*"))
        assert checking.check(target, patience=5).is_well


def test_files_come_back_as_they_were_at_the_last_backup(
    server: Primary, bucket: Target, place: Path, settings: Any
) -> None:
    media = Path(settings.MEDIA_ROOT) / "d_00000000000000aa"
    media.mkdir(parents=True)
    (media / "bleibt.txt").write_text("bleibt")
    (media / "geht.txt").write_text("geht")
    taken(server, bucket)
    (media / "geht.txt").unlink()
    (media / "neu").mkdir()
    (media / "neu" / "kam.txt").write_text("kam")
    second = taken(server, bucket)
    places = Places.inside(place / "back")
    fetching.fetch(bucket, places, None)
    found = {f.relative_to(places.files).as_posix() for f in places.files.rglob("*") if f.is_file()}
    assert found == {"d_00000000000000aa/bleibt.txt", "d_00000000000000aa/neu/kam.txt"}
    assert second.files.clear < 20_000
    (media / "bleibt.txt").unlink()
    assert files.bring_back(places.files) == 1
    assert district_files().of("d_00000000000000aa").exists("bleibt.txt")


def test_the_ledger_comes_back_as_its_newest_copy(
    server: Primary, bucket: Target, place: Path
) -> None:
    one = ledger.Line("1", "d_00000000000000aa", "k", "address", "m", "2026-11-01T00:00:00+00:00")
    two = ledger.Line("2", "d_00000000000000aa", "k", "address", "n", "2026-12-01T00:00:00+00:00")
    ledger.append([one])
    backup = taken(server, bucket)
    ledger.append([two])
    ledger_copy.bring(bucket, wanted_recipients())
    places = Places.inside(place / "back")
    fetching.fetch(bucket, places, None, backup.id)
    ledger.path().unlink()
    ledger.append([two])
    assert ledger_copy.join(places.ledger) == 1
    assert {line.uuid for line in ledger.lines()} == {"1", "2"}
