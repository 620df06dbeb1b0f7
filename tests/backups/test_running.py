"""``backup run`` and the way back, as an operator starts them: with the login that backups have."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.backups.primary import NORD, Primary
from tests.stack.running import ROOT, eventually
from wiq.backups import catalogue, scratch
from wiq.backups.fetching import Places
from wiq.backups.target_address import target_of
from wiq.embedded.postgres import DATABASE, SUPERUSER, reachable_binaries

pytestmark = pytest.mark.thorough
LOGIN = (ROOT / "platform" / "deploy" / "backup_login").read_text()


@pytest.fixture
def environment(server: Primary, place: Path, settings: Any) -> dict[str, str]:
    """What stands in .env, with the login that the script made."""
    (sql,) = re.findall(r"<<'SQL'\n(.*?)^SQL$", LOGIN, re.DOTALL | re.MULTILINE)
    psql = [
        str(reachable_binaries() / "bin" / "psql"),
        "-h",
        server.database["HOST"],
        "-U",
        SUPERUSER,
    ]
    subprocess.run([*psql, "-d", DATABASE, "-q", "-v", "ON_ERROR_STOP=1", "-v", "password=geheim"],
                   input=sql, text=True, check=True)  # fmt: skip
    server.sql("SELECT pg_reload_conf()")
    host = server.database["HOST"].replace("/", "%2F")
    return {
        **os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}", "WIQ_STATE": str(place),
        "DATABASE_URL": f"postgres://wiq@{host}/wiq", "WIQ_BACKUP_URL": settings.WIQ_BACKUP_URL,
        "WIQ_BACKUP_DATABASE_URL": f"postgres://wiq_backup:geheim@{host}/wiq",
        "WIQ_BACKUP_RECIPIENTS": ",".join(settings.WIQ_BACKUP_RECIPIENTS),
        "WIQ_BACKUP_IDENTITY": str(settings.WIQ_BACKUP_IDENTITY),
        "WIQ_BACKUP_STATE": str(place / "state"), "WIQ_LEDGER": str(place / "ledger"),
    }  # fmt: skip


def command(*words: str) -> list[str]:
    return [sys.executable, str(ROOT / "manage.py"), "backup", *words]


def said(environment: dict[str, str], *words: str) -> str:
    ran = subprocess.run(command(*words), env=environment, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@contextmanager
def running(environment: dict[str, str], place: Path) -> Iterator[Path]:
    """Let ``backup run`` work; give the file of what it says."""
    log = place / "run.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            command("run"), env=environment, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            yield log
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0, log.read_text()


def test_it_takes_checks_and_ships_by_itself_and_all_comes_back_on_an_empty_machine(
    server: Primary, place: Path, environment: dict[str, str], settings: Any
) -> None:
    media = place / "media" / NORD
    media.mkdir(parents=True)
    (media / "bild.jpg").write_bytes(b"Bild")
    target = target_of(settings.WIQ_BACKUP_URL)
    with running(environment, place) as log:
        eventually(lambda: " is whole, " in log.read_text(), 60, "the first check")
        server.note("nach der ersten Sicherung")
        server.sql("SELECT pg_create_restore_point('x')", "SELECT pg_switch_wal()")
        shipped = len(target.listed("wal/"))
        eventually(lambda: len(target.listed("wal/")) > shipped, 30, "the log")
    assert "backup.log_waits" not in log.read_text()
    (only,) = catalogue.finished(target).values()
    assert only.kind == "full" and len(only.witnesses) == 2
    # The machine is empty.
    for file in (media / "bild.jpg",):
        file.unlink()
    data = place / "18" / "docker"
    assert only.id in said(environment, "list")
    said(environment, "restore", str(data))
    assert "1 files" in said(environment, "restore_files")
    assert (media / "bild.jpg").read_bytes() == b"Bild"
    places = Places(data, data / "restored_wal", place, place)
    with scratch.restored(places) as where, psycopg.connect(
        **(where | {"dbname": "wiq"}), autocommit=True
    ) as connection:  # fmt: skip
        found = connection.execute(f"SELECT max(words) FROM {NORD}.note".encode()).fetchone()
        assert found == ("nach der ersten Sicherung",)
        assert not places.wal.exists()
    refused = subprocess.run(
        command("restore", str(data)), env=environment, capture_output=True, text=True
    )
    assert refused.returncode == 1 and "not empty" in refused.stderr


def test_settings_that_are_missing_are_named(environment: dict[str, str]) -> None:
    for name in ("WIQ_BACKUP_RECIPIENTS", "WIQ_BACKUP_URL"):
        ran = subprocess.run(
            command("take"), env=environment | {name: ""}, capture_output=True, text=True
        )
        assert ran.returncode == 1
        assert f"A setting for backups is missing: {name}" in ran.stderr
