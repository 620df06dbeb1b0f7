"""docs/howto/backups.md: the lines of "Everything back on an empty machine", as they stand there.

In the place of Docker stands a script that runs the container's command here.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tenants.districts.models import District
from tenants.restoring.backups import opened
from tests.backups.primary import NORD, Primary
from tests.backups.test_backup import taken
from tests.backups.test_running import environment
from tests.stack.running import ROOT
from wiq.backups import scratch
from wiq.backups.fetching import Places
from wiq.backups.target_address import target_of
from wiq.erasures import ledger

__all__ = ["environment"]  # a fixture

pytestmark = pytest.mark.thorough
GUIDE = (ROOT / "docs" / "howto" / "backups.md").read_text(encoding="utf-8")
DOCKER = """#!{python}
import os, sys
words = sys.argv[1:]
open("said", "a").write(" ".join(words) + "\\n")
assert words[0] == "compose" and words[1] in ("build", "run", "up"), words
if words[1] == "run":
    command = words[words.index("backup") + 1:]
    assert command[:2] == ["python", "manage.py"], command
    inside = [word.replace("/var/lib/postgresql", {volume!r}) for word in command[2:]]
    os.execv({python!r}, [{python!r}, {manage!r}, *inside])
"""


def lines(title: str) -> list[str]:
    """Return the commands of a section's first block."""
    section = GUIDE.split(f"\n## {title}\n")[1]
    block = re.findall(r"```\n(.*?)\n```", section, re.DOTALL)[0]
    return [line for line in block.splitlines() if line]


def test_everything_comes_back_word_for_word(
    server: Primary, place: Path, environment: dict[str, str], settings: Any
) -> None:
    media = place / "media" / NORD
    media.mkdir(parents=True)
    (media / "bild.jpg").write_bytes(b"Bild")
    ledger.append([ledger.Line("1", NORD, "k", "address", "m", "2026-11-01T00:00:00+00:00")])
    target = target_of(settings.WIQ_BACKUP_URL)
    taken(server, target)
    server.note("die letzte vor dem Brand")
    server.ship(target)
    for burnt in ("media", "ledger", "state"):
        shutil.rmtree(place / burnt)
    machine = place / "machine"
    machine.mkdir()
    shutil.copy(settings.WIQ_BACKUP_IDENTITY, machine / "backup.key")
    volume = place / "volume"
    docker = machine / "docker"
    manage = str(ROOT / "manage.py")
    docker.write_text(DOCKER.format(python=sys.executable, volume=str(volume), manage=manage))
    docker.chmod(0o755)
    path = f"{machine}:{os.environ['PATH']}"
    for line in lines("Everything back on an empty machine"):
        if line.startswith("chown") and os.geteuid():
            continue
        subprocess.run(
            ["bash", "-euc", line], cwd=machine, env=environment | {"PATH": path}, check=True
        )
    assert (machine / "said").read_text().splitlines()[-1] == "compose up -d"
    assert (media / "bild.jpg").read_bytes() == b"Bild"
    assert [line.uuid for line in ledger.lines()] == ["1"]
    data = volume / "18" / "docker"
    places = Places(data, data / "restored_wal", place, place)
    with scratch.restored(places) as where, psycopg.connect(
        **(where | {"dbname": "wiq"}), autocommit=True
    ) as connection:  # fmt: skip
        found = connection.execute(f"SELECT words FROM {NORD}.note ORDER BY id DESC".encode())
        assert found.fetchone() == ("die letzte vor dem Brand",)


def test_what_was_fetched_is_what_one_district_is_restored_from(
    server: Primary, place: Path, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch,
    settings: Any,
) -> None:  # fmt: skip
    guide = (ROOT / "docs" / "howto" / "restore.md").read_text(encoding="utf-8")
    assert "backup fetch /unpacked/alles --at" in guide
    assert "--from /backup/alles --at" in guide
    settings.WIQ_SCRATCH = str(place / "scratch")
    server.sql(f"CREATE TABLE IF NOT EXISTS {NORD}.django_migrations (app text, name text)")
    target = target_of(settings.WIQ_BACKUP_URL)
    taken(server, target)
    server.note("die bleibt")
    moment = server.now()
    server.note("ein Versehen")
    server.ship(target)
    folder = place / "unpacked" / "alles"
    subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "backup", "fetch", str(folder), "--at", moment],
        env=environment, check=True,
    )  # fmt: skip
    # The server of these tests has few tables: nothing is brought to this version.
    monkeypatch.setattr("tenants.restoring.backups._of_districts", lambda loader: set())
    district = District(slug="nord", schema_name=NORD)
    with opened(folder, district, at=moment) as backup, backup.connect() as connection:
        found = connection.execute(f"SELECT words FROM {NORD}.note ORDER BY id DESC".encode())
        assert found.fetchone() == ("die bleibt",)


def test_the_guide_says_what_compose_and_script_need() -> None:
    example = (ROOT / "platform" / "deploy" / "env.example").read_text(encoding="utf-8")
    for line in re.findall(r"^(WIQ_BACKUP_\w+|BACKUP_\w+)=", GUIDE, re.M):
        assert f"{line}=" in example
    compose = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    assert "18/docker" in GUIDE and "database:/var/lib/postgresql" in compose
