"""Worker and beat run Celery's own commands, without the shell that its command line brings."""

import os
import signal
import subprocess
import sys

import pytest
from click.testing import CliRunner

from wiq import beat_app, beat_inside
from wiq.background import main
from wiq.beat_inside import beat_of

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


def test_the_beat_inside_a_worker_waits_for_its_turn_like_any_other() -> None:
    step = beat_of(beat_app.app)(object())
    assert step.service.scheduler_cls == "wiq.beat_app:SteadyScheduler"


def test_a_worker_ends_where_its_beat_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def start(self) -> None:
            raise RuntimeError

    ended: list[tuple[int, int]] = []
    monkeypatch.setattr("wiq.beat_inside.os.kill", lambda *told: ended.append(told))
    beat_inside._run(Broken())
    assert ended == [(os.getpid(), signal.SIGTERM)]
