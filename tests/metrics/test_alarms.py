"""Alarms and dashboard: they ask for numbers that exist, and promtool plays the alarms through."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import REGISTRY

from tests.metrics.conftest import Numbers, folder, queries, rules
from wiq.metrics.serving import State

ROOT = Path(__file__).resolve().parents[2]
NAME = re.compile(r"\bwiq_[a-z_]+\b")
SECTION = re.compile(r"^## (\w+)\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
PARTS = ["Seen", "Why", "What to do"]
ENDINGS = ("_created", "_bucket", "_count", "_sum")
GRAFANA = folder() / "grafana"
HOW = (ROOT / "docs" / "howto" / "metrics.md").read_text(encoding="utf-8")


@pytest.fixture
def known(numbers: Numbers, db: None) -> set[str]:
    """The names of all numbers that there are."""
    kept = {name for metric in REGISTRY._names_to_collectors for name in (metric,)}
    return kept | {metric.name for metric in State(per_district=True).collect()}


def test_alarms_and_panels_ask_for_numbers_that_there_are(known: set[str]) -> None:
    asked = queries() | {rule["alert"]: rule["expr"] for rule in rules()}
    assert len(asked) > 50
    for where, text in asked.items():
        assert set(NAME.findall(text)) <= known, where
    for name in known:
        if name.startswith("wiq_") and not name.endswith(ENDINGS):
            base = name.removesuffix("_total")
            assert f"`{base}" in HOW, name


def test_grafana_finds_the_dashboards_where_they_are_mounted() -> None:
    boards = [json.loads(file.read_text()) for file in (GRAFANA / "dashboards").glob("*.json")]
    assert len({board["uid"] for board in boards}) == len(boards) == 4
    for board in boards:
        assert f"`{board['uid'].removeprefix('wiq-')}.json`" in HOW
        [source] = board["templating"]["list"]
        for panel in board["panels"]:
            assert panel["datasource"] == {"type": source["query"], "uid": "${source}"}
            assert panel["description"], panel["title"]
            assert panel["targets"]
    given = GRAFANA / "provisioning"
    [provider] = yaml.safe_load((given / "dashboards" / "wiq.yml").read_text())["providers"]
    assert f"/grafana/dashboards:{provider['options']['path']}:ro" in HOW
    [source] = yaml.safe_load((given / "datasources" / "prometheus.yml").read_text())["datasources"]
    assert source["type"] == "prometheus"
    assert source["url"].strip("${}") in HOW


def anchor(heading: str) -> str:
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


def test_each_alarm_leads_to_its_own_section_that_says_what_is_seen_why_and_what_to_do() -> None:
    page = ROOT / "docs" / "howto" / "alarms.md"
    sections = dict(SECTION.findall(page.read_text(encoding="utf-8")))
    assert list(sections) == [rule["alert"] for rule in rules()]
    for rule in rules():
        where = rule["annotations"]["runbook_url"].removeprefix("{{ $externalLabels.handbook }}")
        assert where == f"{page.relative_to(ROOT)}#{anchor(rule['alert'])}"
        said = sections[rule["alert"]]
        assert re.findall(r"^- \*\*(.+?):\*\* .{20,}$", said, re.MULTILINE) == PARTS, rule["alert"]
        assert rule["labels"]["severity"] in ("warning", "critical")
        assert rule["annotations"]["summary"]


def run(*command: Any) -> str:
    result = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


@pytest.mark.thorough
def test_prometheus_takes_the_files_and_each_alarm_comes_when_it_should(
    debians: Path, tmp_path: Path
) -> None:
    promtool = debians / "promtool"
    assert f"{len(rules())} rules found" in run(promtool, "check", "rules", folder() / "alerts.yml")
    run(promtool, "check", "config", folder() / "prometheus.yml")
    shutil.copy(folder() / "alerts.yml", tmp_path)
    shutil.copy(Path(__file__).with_name("alerts_test.yml"), tmp_path)
    assert "SUCCESS" in run(promtool, "test", "rules", tmp_path / "alerts_test.yml")
