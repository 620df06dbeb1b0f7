"""Known vulnerabilities of our dependencies: pip-audit asks PyPI about every locked package."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

LISTS = ("prod", "test")


@dataclass(frozen=True)
class Audit:
    """What pip-audit found, and which packages it could not check."""

    holes: list[str]
    asked: int
    skipped: int
    problem: str = ""

    @property
    def passed(self) -> bool:
        return not self.holes

    def summary(self) -> str:
        """Return the one line that lint prints."""
        if self.problem:
            return f"not asked: {self.problem}"
        if self.skipped:
            return f"{self.asked} packages asked about; the index knows nothing of {self.skipped}"
        return f"{self.asked} packages asked about"


def audit(root: Path) -> Audit:
    """Check every package in the lists for servers and for tests.

    Without a network, for instance on a train, the check says so but does not fail.
    """
    with ThreadPoolExecutor(len(LISTS)) as asking:
        results = list(asking.map(_ask, (root / "requirements" / f"{name}.txt" for name in LISTS)))
    return Audit(
        sorted({hole for result in results for hole in result.holes}),
        max(result.asked for result in results),
        max(result.skipped for result in results),
        next((result.problem for result in results if result.problem), ""),
    )


def _ask(locked: Path) -> Audit:
    command = [
        *(sys.executable, "-m", "pip_audit", "--disable-pip", "--require-hashes"),
        *("--progress-spinner", "off", "--format", "json", "--timeout", "10"),
        *("-r", str(locked)),
    ]
    result = subprocess.run(command, capture_output=True, text=True)
    return read(result.stdout, result.stderr)


def read(output: str, errors: str) -> Audit:
    """Parse the output of pip-audit."""
    try:
        found = json.loads(output)["dependencies"]
    except (ValueError, KeyError):
        last = (errors.strip().splitlines() or ["no answer"])[-1]
        return Audit([], 0, 0, last[:200])
    holes = [
        f"{each['name']} {each['version']}: {hole['id']}"
        f" (mended in {', '.join(hole['fix_versions']) or 'no version yet'})"
        for each in found
        for hole in each.get("vulns", [])
    ]
    skipped = sum("skip_reason" in each for each in found)
    return Audit(holes, len(found) - skipped, skipped)
