"""platform/deploy/upgrade: what it replaces, in which order, and that it ends where something fails.

In place of Docker stands a script that writes down what it is asked; that nobody notices the same
order with real processes is shown by test_rolling.py and `python -m bench.rolling`.
"""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCKER = """#!/bin/sh
echo "$*" >> "$SAID"
case "$*" in *"$FAILS"*) test -z "$FAILS" || exit 1 ;; esac
case "$*" in
  "image inspect --format"*) if grep -q "compose build" "$SAID"; then echo new; else echo old; fi ;;
esac
exit 0
"""
START = "compose up -d --no-deps --no-build --wait "
REPLACED = [START + name for name in ("web", "web2", "worker", "worker2", "beat")]


def upgrade(folder: Path, *words: str, fails: str = "") -> tuple[int, list[str]]:
    """Run the script; return its status and what it asked of Docker."""
    docker, said = folder / "docker", folder / "said"
    docker.write_text(DOCKER)
    docker.chmod(0o755)
    environment = {"PATH": f"{folder}:{os.environ['PATH']}", "SAID": str(said), "FAILS": fails}
    ran = subprocess.run(
        [str(ROOT / "platform/deploy/upgrade"), *words], env=environment, capture_output=True
    )
    return ran.returncode, said.read_text().splitlines() if said.exists() else []


def test_the_database_first_then_each_process_once_the_one_before_it_answers(
    tmp_path: Path,
) -> None:
    status, said = upgrade(tmp_path)
    assert status == 0
    assert [line for line in said if line.startswith(START)] == REPLACED
    assert said.index("compose run --rm districts") < said.index(REPLACED[0])
    assert "tag old wiq-platform:before" in said


@pytest.mark.parametrize("fails", ["compose build", "run --rm districts", "--wait web2"])
def test_where_something_fails_the_rest_goes_on_as_it_was(tmp_path: Path, fails: str) -> None:
    status, said = upgrade(tmp_path, fails=fails)
    assert status != 0
    assert fails in said[-1]


def test_the_way_back_starts_the_image_before_and_leaves_the_database_alone(tmp_path: Path) -> None:
    status, said = upgrade(tmp_path, "back")
    assert status == 0
    assert "tag wiq-platform:before wiq-platform" in said
    assert [line for line in said if line.startswith(START)] == REPLACED
    assert not [line for line in said if "districts" in line]


def test_without_a_version_before_there_is_no_way_back(tmp_path: Path) -> None:
    status, said = upgrade(tmp_path, "back", fails="image inspect")
    assert status != 0
    assert not [line for line in said if line.startswith(START)]
    assert upgrade(tmp_path, "forward")[0] == 2
