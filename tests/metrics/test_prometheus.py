"""Debian's Prometheus watches a running stack: every panel and every alarm asks it something."""

import json
import re
import subprocess
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.metrics.conftest import Counted, folder, queries, rules
from tests.stack.running import eventually, free_port, open_folder

pytestmark = pytest.mark.thorough
WEST = "leipziger-westen.localhost"
NAME = re.compile(r"\bwiq_[a-z_]+\b")
# Empty on a good day.
QUIET = {"districts: Mails that are not sent, A", "backups: Log that waits to be fetched, A"}


@dataclass
class Prometheus:
    """A Prometheus with the shipped configuration."""

    port: int

    def ask(self, path: str, **query: str) -> Any:
        url = f"http://127.0.0.1:{self.port}/api/v1/{path}?{urllib.parse.urlencode(query)}"
        with urllib.request.urlopen(url, timeout=10) as answer:
            said = json.load(answer)
        assert said["status"] == "success", said
        return said["data"]

    def result(self, expression: str) -> list[Any]:
        """Return what an expression finds. Raises HTTPError where it can't be read."""
        return list(self.ask("query", query=expression)["result"])


@pytest.fixture(scope="module")
def seen() -> Iterator[Counted]:
    """A stack in which something has happened."""
    with open_folder("wiq-seen-") as place:
        stack = Counted(place / "state", WIQ_METRICS_PER_DISTRICT="1").start(180)
        for _turn in range(2):
            assert stack.get("/menschen/", WEST).status == 200
        assert stack.get("/gibt-es-nicht/", WEST).status == 404
        assert stack.send_request("gesehen@beispiel.example").status == 201
        stack.manage_command("note_backup")
        stack.manage("import time; from wiq.backups import record; record.note_log_left(); "
                     "record.note_files_left(time.time()); "
                     "record.note_checked(record.Checked(time.time(), 'x', 'd_x', 1))")  # fmt: skip
        yield stack
        stack.stop()


@pytest.fixture(scope="module")
def prometheus(
    seen: Counted, debians: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Prometheus]:
    place = tmp_path_factory.mktemp("watching")
    given = yaml.safe_load((folder() / "prometheus.yml").read_text())
    given["rule_files"] = [str(folder() / name) for name in given["rule_files"]]
    given["global"] = {"scrape_interval": "1s", "evaluation_interval": "1s"}
    [job] = given["scrape_configs"]
    # Two machines give the same numbers of the database: nothing may count them twice.
    targets = [f"{host}:{seen.numbers_port}" for host in ("127.0.0.1", "localhost")]
    job["static_configs"] = [{"targets": targets}]
    (place / "prometheus.yml").write_text(yaml.safe_dump(given))
    port = free_port()
    process = subprocess.Popen(
        [debians / "prometheus", f"--config.file={place / 'prometheus.yml'}",
         f"--storage.tsdb.path={place / 'data'}", f"--web.listen-address=127.0.0.1:{port}"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    watching = Prometheus(port)

    def scraped() -> bool:
        try:
            return len(watching.result('sum_over_time(up{job="wiq"}[1m]) > 4')) == 2
        except OSError:
            return False

    try:
        eventually(scraped, 40)
        # From here on numbers grow while somebody watches.
        assert seen.get("/menschen/", WEST).status == 200
        assert seen.get("/gibt-es-auch-nicht/", WEST).status == 404
        eventually(lambda: watching.result("sum(increase(wiq_requests_total[1m])) > 0"), 20)
        yield watching
    finally:
        process.terminate()
        process.wait(20)


def test_every_query_of_every_dashboard_is_read_and_finds_something(
    prometheus: Prometheus,
) -> None:
    known = set(prometheus.ask("label/__name__/values"))
    empty = set()
    for where, expression in queries().items():
        if not prometheus.result(expression):
            empty.add(where)
        missing = set(NAME.findall(expression)) - known
        rare = {"wiq_mail_refused_seconds", "wiq_district_mails", "wiq_backup_log_kept_bytes"}
        assert missing <= rare, where
    assert empty <= QUIET
    [published] = prometheus.result(queries()["districts: Public districts, A"])
    assert published["value"][1] == "2"


def test_every_alarm_is_read_and_none_comes_while_all_is_well(prometheus: Prometheus) -> None:
    def evaluated() -> list[dict[str, Any]]:
        [group] = prometheus.ask("rules")["groups"]
        found: list[dict[str, Any]] = group["rules"]
        return found if all(rule["health"] != "unknown" for rule in found) else []

    found = eventually(evaluated, 20)
    assert [rule["name"] for rule in found] == [rule["alert"] for rule in rules()]
    assert {rule["health"] for rule in found} == {"ok"}
    assert [rule["name"] for rule in found if rule["state"] == "firing"] == []
    for rule in rules():
        prometheus.result(rule["expr"])


def test_labels_name_districts_by_their_short_name_and_nobody(prometheus: Prometheus) -> None:
    labels = set(prometheus.ask("labels"))
    assert labels <= {
        "__name__", "job", "instance", "host", "status", "le", "task", "outcome", "process",
        "state", "kind", "words", "district", "district_id", "slug", "version", "commit",
        "severity", "alertname", "alertstate",
    }  # fmt: skip
