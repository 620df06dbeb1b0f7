"""Alarms and dashboard: they ask for numbers that exist, and promtool plays the alarms through."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import REGISTRY

from tests.metrics.conftest import Numbers, folder
from wiq.metrics.serving import State

ROOT = Path(__file__).resolve().parents[2]
NAME = re.compile(r"\bwiq_[a-z_]+\b")
ALARM = re.compile(r"- alert: (\w+)")
HOW = (ROOT / "docs" / "howto" / "metrics.md").read_text(encoding="utf-8")


@pytest.fixture
def known(numbers: Numbers, db: None) -> set[str]:
    """The names of all numbers that there are."""
    kept = {name for metric in REGISTRY._names_to_collectors for name in (metric,)}
    return kept | {metric.name for metric in State(per_district=True).collect()}


def expressions() -> dict[str, str]:
    """Return what alarms and panels ask for, by file."""
    board = json.loads((folder() / "dashboard.json").read_text())
    targets = [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    alarms = (folder() / "alerts.yml").read_text()
    return {"alerts.yml": alarms, "dashboard.json": " ".join(targets)}


def test_alarms_and_panels_ask_for_numbers_that_there_are(known: set[str]) -> None:
    for file, text in expressions().items():
        asked = set(NAME.findall(text))
        assert len(asked) > 8
        assert asked <= known, file


def test_every_alarm_and_every_number_is_explained(known: set[str]) -> None:
    alarms = ALARM.findall(expressions()["alerts.yml"])
    assert len(alarms) == 13
    for name in alarms:
        assert f"| `{name}` |" in HOW, name
    endings = ("_created", "_bucket", "_count", "_sum")
    for name in known:
        if name.startswith("wiq_") and not name.endswith(endings):
            base = name.removesuffix("_total")
            assert f"`{base}" in HOW, name


@pytest.fixture(scope="module")
def promtool(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Prometheus' own tool, out of Debian's package, without installing a server."""
    found = shutil.which("promtool")
    if found:
        return Path(found)
    if not shutil.which("apt-get") or not shutil.which("dpkg"):
        pytest.skip("promtool comes out of a package of Debian")
    place = tmp_path_factory.mktemp("prometheus")
    for command in (["apt-get", "-qq", "update"], ["apt-get", "-qq", "download", "prometheus"]):
        if subprocess.run(command, cwd=place, capture_output=True).returncode:
            pytest.skip("promtool comes out of a package of Debian, which nobody gives us here")
    package = next(place.glob("*.deb"))
    subprocess.run(["dpkg", "-x", str(package), str(place)], check=True)
    return place / "usr" / "bin" / "promtool"


def run(*command: Any) -> str:
    result = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


@pytest.mark.thorough
def test_prometheus_takes_the_files_and_each_alarm_comes_when_it_should(
    promtool: Path, tmp_path: Path
) -> None:
    assert "13 rules found" in run(promtool, "check", "rules", folder() / "alerts.yml")
    run(promtool, "check", "config", folder() / "prometheus.yml")
    shutil.copy(folder() / "alerts.yml", tmp_path)
    shutil.copy(Path(__file__).with_name("alerts_test.yml"), tmp_path)
    assert "SUCCESS" in run(promtool, "test", "rules", tmp_path / "alerts_test.yml")
