"""The list of parts of a release (SBOM), by the tool that CycloneDX keeps for Python.

From the lock with hashes, so it names what the image installs and nothing that happens to lie in a
virtual environment. https://cyclonedx.org/docs/1.6/json/
"""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

LOCK = "requirements/prod.txt"
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(\S+)", re.MULTILINE)


class NoList(RuntimeError):
    """The tool ended with an error; its last line says why."""


def write(root: Path, target: Path, version: str) -> None:
    """Write the list of parts of this version to ``target``. Raises NoList."""
    command = [
        *(sys.executable, "-m", "cyclonedx_py", "requirements", str(root / LOCK)),
        *("--pyproject", str(root / "pyproject.toml"), "--mc-type", "application"),
        *("--output-reproducible", "--sv", "1.6", "--of", "JSON", "-o", str(target)),
    ]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise NoList((done.stderr.strip().splitlines() or ["no word"])[-1])
    parts = json.loads(target.read_text(encoding="utf-8"))
    # The version stands in one place, which the tool does not read.
    parts["metadata"]["component"]["version"] = version
    target.write_text(json.dumps(parts, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def locked(root: Path) -> set[tuple[str, str]]:
    """Return the packages that the image installs: normal name and version."""
    text = (root / LOCK).read_text(encoding="utf-8")
    return {(_normal(name), version) for name, version in _PINNED.findall(text)}


def missing(root: Path, parts: dict[str, Any]) -> list[str]:
    """Return the locked packages that a list of parts lacks, or has without a hash."""
    named = {
        (_normal(part["name"]), part.get("version"))
        for part in parts.get("components", [])
        if any(reference.get("hashes") for reference in part.get("externalReferences", []))
    }
    return [f"{name}=={version}" for name, version in sorted(locked(root) - named)]  # fmt: skip


def _normal(name: str) -> str:
    """Return a package's name in normal form (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()
