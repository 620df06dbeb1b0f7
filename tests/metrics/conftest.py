"""What counts in this process: the same counters as in production, in a folder of its own."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.parser import text_string_to_metric_families

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


def folder() -> Path:
    return Path(__file__).resolve().parents[2] / "platform" / "deploy" / "metrics"
