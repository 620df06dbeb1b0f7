"""How the last check ended is told: health page, numbers, doctor and console."""

import time
from typing import Any

import pytest
from django.test import Client
from django_redis import get_redis_connection

from tests.cast import District
from wiq import health, signs
from wiq.backups import metrics, record
from wiq.backups.record import Checked, CheckFailed, FilesLate, LogLate
from wiq.backups.trouble import SENTENCES, BackupError, Why
from wiq.doctor import backups
from wiq.doctor.findings import Verdict

FAILED = record.failed(BackupError(Why.CHAIN, "backups/1/base.tar.gz.age"), "1", "d_x")


@pytest.fixture(autouse=True)
def set_up(db: None, settings: Any) -> Any:
    """Backups are made here, and nothing is known of them yet."""
    settings.WIQ_BACKUP_URL = "/sicherungen"
    settings.WIQ_ORIGIN_SCHEME = "https"
    server = get_redis_connection("platform")
    names = [signs.PREFIX + name for name in (signs.BACKUP, record.CHECK, record.LOG, record.FILES)]
    server.delete(*names)
    yield
    server.delete(*names)


def said() -> list[tuple[Verdict, str]]:
    return [(one.verdict, one.text) for one in backups.look()]


def measured() -> dict[str, float]:
    asked = {"failed": metrics._failed, "age": metrics._check_age, "log": metrics._log_age,
             "files": metrics._files_age}  # fmt: skip
    return {name: number for name, ask in asked.items() for _labels, number in ask()}


def test_before_the_first_check_the_doctor_misses_it_and_nothing_fails() -> None:
    record.check()
    assert measured() == {}
    assert [verdict for verdict, _text in said()] == [Verdict.ILL] * 4


def test_a_check_that_went_well_is_told_with_its_district(nord: District, sued: District) -> None:
    record.note_taken()
    record.note_log_left()
    record.note_files_left(time.time())
    record.note_checked(Checked(time.time() - 7300, "1", nord.row.schema_name, 412))
    record.check()
    assert {verdict for verdict, _text in said()} == {Verdict.WELL}
    words = " ".join(text for _verdict, text in said())
    assert "vor 2 Stunden" in words and nord.row.name in words and "412 Zeilen" in words
    assert sued.row.name not in words
    assert measured()["failed"] == 0
    assert 7290 < measured()["age"] < 7400


def test_a_check_that_failed_fails_the_health_page_and_is_told_in_a_sentence(
    platform: Client,
) -> None:
    record.note_checked(FAILED)
    with pytest.raises(CheckFailed):
        health.PARTS["backup_check"]()
    answer = platform.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["backup_check"] == "failed: CheckFailed"
    assert measured()["failed"] == 1
    assert any("Es fehlt ein Glied der Kette" in text for _verdict, text in said())


def test_the_console_shows_it(console: Client) -> None:
    record.note_checked(FAILED)
    page = console.get("/plattform/doktor/").content.decode()
    assert "Die Probe der Sicherung ist gescheitert" in page
    assert "backups/1/base.tar.gz.age" in page


def test_a_check_that_is_long_ago_fails_too() -> None:
    record.note_checked(Checked(time.time() - 51 * 3600, "1", "d_x", 1))
    with pytest.raises(CheckFailed):
        record.check()
    assert Verdict.ILL in {verdict for verdict, _text in said()}


def test_a_log_that_does_not_leave_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    record.note_log_left()
    record.check()
    now = time.time()
    monkeypatch.setattr("wiq.backups.record.time.time", lambda: now + 16 * 60)
    with pytest.raises(LogLate):
        record.check()


def test_files_that_do_not_leave_fail_and_are_told() -> None:
    record.note_log_left()
    record.check()
    record.note_files_left(time.time() - 20 * 60)
    record.check()
    record.note_files_left(time.time() - 31 * 60)
    with pytest.raises(FilesLate):
        record.check()
    assert 31 * 60 <= measured()["files"] < 32 * 60
    assert (Verdict.ILL, "Hochgeladene Dateien sind bis vor 31 Minuten in Sicherheit.") in said()


def test_where_no_such_backups_are_made_nobody_misses_them(settings: Any) -> None:
    settings.WIQ_BACKUP_URL = ""
    record.note_checked(FAILED)
    record.check()
    assert len(said()) == 1


def test_web_knows_without_the_targets_address(settings: Any) -> None:
    settings.WIQ_BACKUP_URL = ""
    record.note_log_left()
    record.note_checked(FAILED)
    with pytest.raises(CheckFailed):
        record.check()
    assert len(said()) == 4


def test_every_reason_has_its_sentence() -> None:
    assert set(SENTENCES) == set(Why)
    for why in Why:
        assert "das hier" in str(BackupError(why, "das hier")) or "%(what)s" not in str(
            SENTENCES[why]
        )
