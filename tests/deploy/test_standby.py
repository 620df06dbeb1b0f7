"""A standby of PostgreSQL makes public pages, and never an old one for whoever wrote."""

import pwd
import shutil
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.deploy.machines import Machines, machines
from tests.stack.running import ROOT, eventually, open_folder
from wiq.embedded import postgres
from wiq.embedded.postgres import reachable_binaries, server_user

pytestmark = pytest.mark.thorough
WEST = "leipziger-westen.localhost"
CHANGE = """
from django_tenants.utils import tenant_context
from directory.people.models import Team
from tenants.districts.models import District
from wiq.audit import services as audit
from django.db import transaction
with tenant_context(District.objects.get(slug="leipziger-westen")), transaction.atomic():
    team = Team.objects.first()
    Team.objects.filter(pk=team.pk).update(description="Wort {}")
    audit.record_change("team.changed", team)
"""


class Standby:
    """A second server that follows the first one by streaming."""

    def __init__(self, folder: Path, primary: str) -> None:
        self.programs = reachable_binaries() / "bin"
        self.folder, self.data = folder, folder / "data"
        user = server_user()
        self.who: dict[str, Any] = {"cwd": "/"}
        if user is not None:
            shutil.chown(folder, user)
            self.who |= {"user": user, "group": pwd.getpwuid(user).pw_gid, "extra_groups": []}
        subprocess.run(
            [self.programs / "pg_basebackup", "-h", primary, "-U", "postgres", "-D", self.data,
             "--write-recovery-conf", "--checkpoint=fast"], check=True, **self.who,
        )  # fmt: skip
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(
            [self.programs / "postgres", "-D", self.data, "-k", self.folder, "-c",
             "listen_addresses=", *(f"-c{n}={v}" for n, v in postgres.SETTINGS.items()),
             # Less than its primary has, and a standby refuses to start.
             f"-cmax_locks_per_transaction={postgres.room_for_locks(self.data)}",
             "-clog_statement=all", "-clog_min_error_statement=error"],
            stderr=(self.folder / "log").open("ab"), **self.who,
        )  # fmt: skip
        eventually(self.follows, 60, "the standby")

    def follows(self) -> bool:
        with suppress(psycopg.Error), self.asked() as asking:
            return bool(asking.execute("SELECT pg_is_in_recovery()").fetchone())
        return False

    def asked(self) -> "psycopg.Connection[Any]":
        return psycopg.connect(
            host=str(self.folder), user="postgres", dbname="wiq", autocommit=True, connect_timeout=2
        )

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.send_signal(2)
            self.process.wait(30)
            self.process = None

    def served(self) -> int:
        """Return how many statements of pages it has got so far."""
        return (self.folder / "log").read_text().count('"people_team"')


@pytest.fixture
def pair() -> Iterator[tuple[Machines, Standby]]:
    """Two web servers with a primary and a standby."""
    with pytest.MonkeyPatch.context() as change, open_folder("wiq-standby-") as folder:
        change.setitem(postgres.SETTINGS, "max_wal_senders", "3")
        address = f"postgres://wiq_app@{str(folder).replace('/', '%2F')}/wiq"
        with machines(WIQ_STANDBY_URL=address) as made:
            made.manage(ROOT, "prepare_stack", "--demo")
            host = made.owner["DATABASE_URL"].split("@")[1].split("/")[0].replace("%2F", "/")
            standby = Standby(folder, host)
            standby.start()
            try:
                for name in ("web-1", "web-2"):
                    made.start(name)
                yield made, standby
            finally:
                standby.stop()


def page(made: Machines, name: str = "web-1") -> str:
    """Return a page that is made anew."""
    page.turn = getattr(page, "turn", 0) + 1  # type: ignore[attr-defined]
    url = f"http://127.0.0.1:{made.ports[name]}/menschen/?n={page.turn}"  # type: ignore[attr-defined]
    asked = urllib.request.Request(url, headers={"Host": WEST})
    with urllib.request.urlopen(asked, timeout=20) as answer:
        return str(answer.read().decode())


def test_pages_come_from_the_standby_and_never_an_old_one(pair: tuple[Machines, Standby]) -> None:
    made, standby = pair

    def comes_from_there() -> bool:
        before = standby.served()
        page(made)
        return standby.served() > before

    eventually(comes_from_there, 30, "a page from the standby")
    for turn in range(5):
        made.manage(ROOT, "shell", "--no-imports", "-c", CHANGE.format(f"eins-{turn}"), owner=False)
        for name in ("web-1", "web-2"):
            assert f"Wort eins-{turn}" in page(made, name)
    eventually(comes_from_there, 30, "and again, once it has caught up")

    with standby.asked() as admin:
        admin.execute("SELECT pg_wal_replay_pause()")
        made.manage(ROOT, "shell", "--no-imports", "-c", CHANGE.format("zwei"), owner=False)
        for name in ("web-1", "web-2"):
            assert "Wort zwei" in page(made, name)
        assert not comes_from_there()
        admin.execute("SELECT pg_wal_replay_resume()")
    eventually(comes_from_there, 30, "once it goes on")

    standby.stop()
    assert "Wort zwei" in page(made)
    standby.start()
    eventually(comes_from_there, 30, "once it is back")
