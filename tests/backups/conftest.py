"""One server that is backed up for all tests of a file, a target and a key for each test."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.backups.primary import Primary, keys, primary
from tests.media.s3 import S3Server
from tests.stack.running import open_folder
from wiq.backups.slot import SLOT
from wiq.backups.target_address import target_of
from wiq.backups.targets import FolderTarget, Target

DROP_SLOT = f"""
SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots
WHERE slot_name = '{SLOT}' AND NOT active"""


@pytest.fixture(scope="session")
def age() -> None:
    """The program that encrypts, from its Debian package."""
    if shutil.which("age") is None and shutil.which("apt-get") and os.geteuid() == 0:
        subprocess.run(["apt-get", "install", "-y", "-qq", "age"], capture_output=True)
    if shutil.which("age") is None:
        pytest.skip("age is not here: apt-get install age")


@pytest.fixture(scope="module")
def server(age: None) -> Iterator[Primary]:
    """A server for the tests of this file."""
    with pytest.MonkeyPatch.context() as patched, open_folder("wiq-primary-") as folder:
        patched.setenv("WIQ_BACKUP_URL", "/anywhere")
        with primary(folder) as made:
            yield made


def set_up(server: Primary, folder: Path, settings: Any) -> None:
    """Set what an operator sets, with a key of its own."""
    secret, public = keys(folder, "key")
    settings.WIQ_BACKUP_URL = str(folder / "target")
    settings.WIQ_BACKUP_DATABASE = server.database
    settings.WIQ_BACKUP_RECIPIENTS = [public]
    settings.WIQ_BACKUP_IDENTITY = secret
    settings.WIQ_BACKUP_STATE = folder / "state"
    settings.MEDIA_ROOT = str(folder / "media")
    settings.WIQ_LEDGER = str(folder / "ledger")


@pytest.fixture
def place(server: Primary, settings: Any) -> Iterator[Path]:
    """A folder of this test that everybody may enter, with the settings of its operator."""
    with open_folder("wiq-backup-") as folder:
        set_up(server, folder, settings)
        yield folder
        server.receiver.stop()
        server.sql(DROP_SLOT)


@pytest.fixture
def place_of_its_own(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Start a server that may be killed, with its settings and a bucket."""

    @contextmanager
    def started(s3: S3Server) -> Iterator[tuple[Primary, Target, Path]]:
        monkeypatch.setenv("WIQ_BACKUP_URL", "/anywhere")
        with open_folder("wiq-killed-") as folder, primary(folder / "server") as server:
            set_up(server, folder, settings)
            settings.WIQ_BACKUP_URL = s3.url("alles")
            yield server, target_of(settings.WIQ_BACKUP_URL), folder

    return started


@pytest.fixture
def target(place: Path) -> FolderTarget:
    """An empty folder as the target."""
    return FolderTarget(place / "target")
