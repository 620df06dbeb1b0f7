"""One district back at the console of a server as compose makes it: one service reads backups."""

import os
import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.deploy.server import DOMAIN, Server, filled_env
from tests.deploy.test_compose import compose
from tests.deploy.test_copied import copied
from tests.deploy.test_server_guide import config_of
from tests.stack.running import ROOT, eventually, open_folder
from wiq.embedded.postgres import reachable_binaries

__all__ = ["compose", "copied"]  # fixtures

pytestmark = pytest.mark.thorough
UNPACKED = "/var/lib/wiq-unpacked"
START = """
from django_redis import get_redis_connection
from tenants.districts.models import District
from tenants.provisioning.models import Beside
from tenants.restoring import offered, ordered
from wiq.queues import Queue
from wiq import queueing
district = District.objects.get(slug="paunsdorf")
beside = Beside.objects.first()
"""
WAITING = "print(get_redis_connection('default').llen(f'wiq-queue:{Queue.RESTORING}'))"


@pytest.fixture
def config(compose: Path, tmp_path: Path) -> dict[str, Any]:
    """What compose makes of .env with the profile."""
    env = filled_env(tmp_path)
    env.write_text(env.read_text() + "COMPOSE_PROFILES=restore\n")
    found: dict[str, Any] = config_of(compose, env)
    return found


def test_one_service_alone_has_a_way_to_backups_in_the_clear(config: dict[str, Any]) -> None:
    services = config["services"]
    readers = {
        name for name, one in services.items()
        if "WIQ_BACKUPS" in (one.get("environment") or {})
        or any(volume["target"] == UNPACKED for volume in one.get("volumes", ()))
    }  # fmt: skip
    assert readers == {"restorer"}
    restorer = services["restorer"]
    assert restorer["environment"]["WIQ_BACKUPS"] == UNPACKED
    [unpacked] = [one for one in restorer["volumes"] if one["target"] == UNPACKED]
    assert unpacked["read_only"] and unpacked["source"].endswith("/unpacked")
    assert "wiq_app" in restorer["environment"]["DATABASE_URL"]
    for name in ("restorer", "migrate"):
        scratch = services[name]["environment"]["WIQ_SCRATCH"]
        [volume] = [one for one in services[name]["volumes"] if one["target"] == scratch]
        assert volume["source"] == "scratch"


def ask(server: Server, service: str, words: str) -> str:
    """Run some lines in a service; return what they print last."""
    command = ["python", "manage.py", "shell", "--no-imports", "-c", START + words]
    return (server.run(service, command).splitlines() or [""])[-1]


def dump(server: Server, place: Path) -> None:
    """Write a dump of all, as the nightly script does."""
    place.parent.mkdir(parents=True)
    subprocess.run(
        [str(reachable_binaries() / "bin" / "pg_dump"), "-h", str(server.folder / "sockets"), "-p",
         str(server.database_port), "-U", "postgres", "--format=custom", "-f", str(place), "wiq"],
        check=True, env={"PATH": os.environ["PATH"]},
    )  # fmt: skip


def commands() -> list[list[str]]:
    """Return what docs/howto/restore.md runs in ``migrate``, with a dump, in its order."""
    text = (ROOT / "docs/howto/restore.md").read_text().replace("\\\n", " ")
    lines = re.findall(r"^docker compose run --rm .*?migrate +(python .*)$", text, re.M)
    return [shlex.split(line) for line in lines if "/backup/alles" not in line]


def walk_the_guide(server: Server) -> None:
    """Restore by command, lead back, and bring the district back after it was removed."""
    restore, undo, extract, bring = commands()
    names = (restore[2], undo[2], extract[2], bring[2])
    assert names == ("restore_district", "undo_restore", "extract_district", "import_district")

    def here(words: list[str]) -> str:
        place = str(server.place("WIQ_BACKUPS"))
        typed = [re.sub(r"\bnord\b", "paunsdorf", word) for word in words]
        return server.run("migrate", [word.replace("/backup", place) for word in typed])

    assert "paunsdorf: restored" in here(restore)
    assert "as it was before" in here(undo)
    removed = ["delete_district", "paunsdorf", "--confirm", f"paunsdorf.{DOMAIN}"]
    server.run("migrate", ["python", "manage.py", *removed])
    assert "paunsdorf.zip" in here(extract)
    assert "paunsdorf-wieder: draft" in here(bring)


def test_what_compose_starts_compares_and_restores_as_ordered(
    copied: Path, config: dict[str, Any]
) -> None:
    with open_folder("wiq-restorer-") as folder:
        server = Server(copied, config, folder)
        try:
            server.start()
            server.run("migrate", ["python", "manage.py", "create_district", "paunsdorf", "--name",
                                   "Paunsdorf", "--city", "Leipzig", "--coordinator",
                                   "kim@paunsdorf.example"])  # fmt: skip
            dump(server, server.place("WIQ_BACKUPS") / "wiq.dump")
            assert ask(server, "web", "print(offered.names())") == "[]"
            ask(server, "web", "queueing.send(ordered.FILL, 'd_0000000000000001', "
                "schema_name='public', queue=Queue.RESTORING)")  # fmt: skip
            # Two workers run, and neither takes it.
            assert ask(server, "web", WAITING) == "1"
            server.start_more("restorer")
            names = "print(offered.names())"
            eventually(lambda: ask(server, "web", names) == "['wiq.dump']", 60, "the restorer")
            eventually(lambda: ask(server, "web", WAITING) == "0", 30, "its queue")
            ask(server, "web", "ordered.order(district, 'wiq.dump', at='', actor='test')")
            stage = "print(beside.stage, beside.words)"
            eventually(lambda: ask(server, "web", stage).startswith("ready"), 120, "comparing")
            ask(server, "web", "ordered.confirm(district, beside, typed_host=district.host, "
                "actor='test')")  # fmt: skip
            eventually(lambda: ask(server, "web", stage).startswith("kept"), 60, "the swap")
            assert not list(server.place("WIQ_SCRATCH").iterdir())
            walk_the_guide(server)
        finally:
            server.stop()
