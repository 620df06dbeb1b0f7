"""Known holes fail lint; the list of parts of a release names each one with its hash."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from wiq.embedded.dependency_audit import read

ROOT = Path(__file__).resolve().parents[2]
CLEAN = {"name": "django", "version": "5.2.19", "vulns": []}
HOLE = {
    "name": "pillow",
    "version": "9.0.0",
    "vulns": [{"id": "PYSEC-2022-10", "fix_versions": ["9.0.1"], "aliases": [], "description": ""}],
}
UNKNOWN = {"name": "six", "skip_reason": "Dependency not found"}


def test_a_known_hole_fails_and_is_named_with_the_version_that_mends_it() -> None:
    found = read(json.dumps({"dependencies": [CLEAN, HOLE]}), "")
    assert not found.passed
    assert found.holes == ["pillow 9.0.0: PYSEC-2022-10 (mended in 9.0.1)"]


def test_what_nobody_could_be_asked_about_is_counted_and_said() -> None:
    found = read(json.dumps({"dependencies": [CLEAN, UNKNOWN]}), "")
    assert found.passed
    assert found.summary() == "1 packages asked about; the index knows nothing of 1"
    away = read("", "Traceback ...\nConnectionError: no network\n")
    assert away.passed
    assert away.summary() == "not asked: ConnectionError: no network"


@pytest.mark.thorough
def test_the_list_of_parts_names_every_locked_package_with_its_hashes(tmp_path: Path) -> None:
    file = tmp_path / "sbom.cdx.json"
    subprocess.run(
        [sys.executable, "-m", "cyclonedx_py", "requirements", "--output-file", str(file),
         str(ROOT / "requirements" / "prod.txt")],
        check=True, capture_output=True,
    )  # fmt: skip
    parts = {
        (part["name"], part["version"]): part for part in json.loads(file.read_text())["components"]
    }
    text = (ROOT / "requirements" / "prod.txt").read_text()
    locked = re.findall(r"^([a-z0-9._-]+)(?:\[[^\]]*\])?==([^ ;\\]+)", text, re.MULTILINE)
    assert len(locked) > 50
    for name, version in locked:
        assert parts[name, version]["externalReferences"][0]["hashes"], name
