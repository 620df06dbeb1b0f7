"""Worker and beat run Celery's own commands, without the shell that its command line brings."""

import subprocess
import sys

import pytest
from click.testing import CliRunner

from wiq.background import main

LOADED = "import sys, wiq.background; print(*sorted({n.partition('.')[0] for n in sys.modules}))"


def test_worker_and_beat_load_no_shell() -> None:
    said = subprocess.run(
        [sys.executable, "-c", LOADED], capture_output=True, text=True, check=True
    ).stdout.split()
    assert {"celery", "click"} <= set(said)
    assert not {"click_repl", "prompt_toolkit"} & set(said)


@pytest.mark.parametrize("command", ["worker", "beat"])
def test_they_take_the_words_of_celery(command: str) -> None:
    said = CliRunner().invoke(main, ["-A", "wiq.beat_app", command, "--help"])
    assert said.exit_code == 0
    assert "--loglevel" in said.output


def test_without_an_app_nothing_runs() -> None:
    assert CliRunner().invoke(main, ["worker"]).exit_code == 2
