"""Slips that a tired developer could make, each with the test that notices it (docs/howto/slips.md).

A sample is tried on each run, drawn by the seed; ``WIQ_SLIPS=all`` tries every one.
"""

import os
import random
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stack.running import ROOT

pytestmark = pytest.mark.exhaustive
HERE = Path(__file__).resolve().parent
SLIPS = [
    slip
    for file in sorted(HERE.glob("*.toml"))
    for slip in tomllib.loads(file.read_text(encoding="utf-8"))["slip"]
]
SAMPLE = 40


def chosen() -> list[dict[str, str]]:
    if os.environ.get("WIQ_SLIPS") == "all":
        return SLIPS
    return random.Random(int(os.environ["WIQ_SEED"])).sample(SLIPS, SAMPLE)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The repository as it is now, to be broken."""
    folder = tmp_path_factory.mktemp("slips")
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True
    )
    for name in listed.stdout.splitlines():
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    yield folder
    shutil.rmtree(folder)


def run(copy: Path, test: str) -> "subprocess.CompletedProcess[str]":
    # This environment's own path to the repository comes after these.
    path = os.pathsep.join((str(copy), str(copy / "platform")))
    kept = {name: word for name, word in os.environ.items() if not name.startswith("PYTEST")}
    # A long proof may be the one that notices.
    command = [sys.executable, "-m", "wiq.embedded", "test", "-n", "0", "-m", "", test]
    return subprocess.run(
        command, cwd=copy, env=kept | {"PYTHONPATH": path}, capture_output=True, text=True
    )


@pytest.mark.parametrize("slip", chosen(), ids=lambda slip: slip["what"])
def test_a_slip_is_noticed_by_the_test_that_is_said_to_notice_it(
    copy: Path, slip: dict[str, str]
) -> None:
    file = copy / slip["file"]
    right = file.read_text(encoding="utf-8")
    assert right.count(slip["find"]) == 1, "the code is another one now: write the slip anew"
    file.write_text(right.replace(slip["find"], slip["replace"]), encoding="utf-8")
    try:
        done = run(copy, slip["noticed_by"])
    finally:
        file.write_text(right, encoding="utf-8")
    assert done.returncode == 1, done.stdout[-2000:] + done.stderr[-1000:]
    assert " failed" in done.stdout or " error" in done.stdout, done.stdout[-2000:]
