"""What counts in this process: the same counters as in production, in a folder of its own."""

import json
import os
import shutil
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.parser import text_string_to_metric_families

from tests.stack.running import RunningStack, free_port
from wiq.metrics import counting, switch

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def samples(metrics: Iterable[Any]) -> Samples:
    """Return the numbers of metrics by name and labels."""
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for metric in metrics for sample in metric.samples
    }  # fmt: skip


def parsed(text: str) -> Samples:
    return samples(text_string_to_metric_families(text))


class Numbers:
    """The counters of a process that counts, and what they say since the test began."""

    def __init__(self, kept: Any) -> None:
        self.kept = kept
        self.before = self.now()

    def now(self) -> Samples:
        registry = CollectorRegistry()
        MultiProcessCollector(registry, os.environ[switch.FOLDER])
        return parsed(generate_latest(registry).decode())

    def grown(self, name: str, **labels: str) -> float:
        """Return by how much one number has grown."""
        key = (name, tuple(sorted(labels.items())))
        return self.now().get(key, 0) - self.before.get(key, 0)


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The counters, loaded once: prometheus_client reads the folder's name when it is loaded."""
    os.environ[switch.FOLDER] = str(tmp_path_factory.mktemp("numbers"))
    from wiq.metrics.kept import Kept

    return Kept(per_district=True)


@pytest.fixture
def numbers(kept: Any, monkeypatch: pytest.MonkeyPatch) -> Numbers:
    """Count in this process as one with WIQ_METRICS_PORT does."""
    monkeypatch.setattr(counting, "ADDRESS", switch.Address("127.0.0.1", 0, per_district=True))
    monkeypatch.setattr(counting, "counts", kept)
    monkeypatch.setattr("wiq.celery_app.counts", kept)
    monkeypatch.setattr("wiq.beat_app.counts", kept)
    return Numbers(kept)


class Counted(RunningStack):
    """A stack that gives numbers."""

    def __init__(self, state: Any, **environment: str) -> None:
        self.numbers_port = free_port()
        super().__init__(state, WIQ_METRICS_PORT=str(self.numbers_port), **environment)

    def fetch(self, path: str = "/metrics") -> tuple[int, str]:
        url = f"http://127.0.0.1:{self.numbers_port}{path}"
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def numbers(self) -> Samples:
        status, text = self.fetch()
        assert status == 200
        return parsed(text)


@pytest.fixture(scope="session")
def debians(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder with prometheus and promtool, out of Debian's package."""
    found = shutil.which("promtool")
    if found and shutil.which("prometheus"):
        return Path(found).parent
    if not shutil.which("apt-get") or not shutil.which("dpkg"):
        pytest.skip("Prometheus comes out of a package of Debian")
    place = tmp_path_factory.mktemp("prometheus")
    for command in (["apt-get", "-qq", "update"], ["apt-get", "-qq", "download", "prometheus"]):
        if subprocess.run(command, cwd=place, capture_output=True).returncode:
            pytest.skip("Prometheus comes out of a package of Debian, which nobody gives us here")
    package = next(place.glob("*.deb"))
    subprocess.run(["dpkg", "-x", str(package), str(place)], check=True)
    return place / "usr" / "bin"


def folder() -> Path:
    return Path(__file__).resolve().parents[2] / "platform" / "deploy" / "metrics"


def queries() -> dict[str, str]:
    """Return what every panel of every dashboard asks, by dashboard, panel and letter."""
    return {
        f"{file.stem}: {panel['title']}, {target['refId']}": target["expr"]
        for file in sorted((folder() / "grafana" / "dashboards").glob("*.json"))
        for panel in json.loads(file.read_text(encoding="utf-8"))["panels"]
        for target in panel["targets"]
    }


def rules() -> list[dict[str, Any]]:
    """Return the alarms."""
    [group] = yaml.safe_load((folder() / "alerts.yml").read_text(encoding="utf-8"))["groups"]
    return list(group["rules"])
