"""What reads uploads opens nothing more, and nobody reads the memory of web, worker and beat."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.hostile.test_redraw import photo
from tests.stack.running import RunningStack

TRIES = """
import os, socket, sys
sys.path.insert(0, {platform!r})
from pathlib import Path
from wiq import confinement
{confine}
def fails(what, *arguments):
    try:
        what(*arguments)
    except OSError:
        return True
    return False
folder = {folder!r}
print(fails(open, "/proc/self/environ"), fails(open, "/etc/passwd"), fails(os.listdir, "/tmp"),
      fails(open, folder + "/mine", "w"), fails(socket.socket, socket.AF_UNIX),
      fails(socket.create_connection, ("127.0.0.1", 9)))
"""
PLATFORM = str(Path(__file__).resolve().parents[2] / "platform")


def tried(confine: str, folder: Path) -> list[str]:
    code = TRIES.format(platform=PLATFORM, confine=confine, folder=str(folder))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env={})
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_what_draws_pictures_opens_no_file_and_no_connection(tmp_path: Path) -> None:
    assert tried("confinement.open_nothing_more()", tmp_path) == ["True"] * 6
    assert tried("", tmp_path) == ["False"] * 5 + ["True"]


def test_it_draws_all_the_same() -> None:
    for kind in ("JPEG", "PNG", "WEBP"):
        done = subprocess.run(
            [sys.executable, "-I", "-m", "wiq.media.redraw"],
            input=photo(kind=kind), capture_output=True, env={}, check=True,
        )  # fmt: skip
        assert done.stdout.startswith(b"PK")


def test_what_reads_films_reaches_its_own_folder_alone(tmp_path: Path) -> None:
    words = "sys.exit() if not confinement.stay_beneath([Path({!r})]) else None"
    said = tried(words.format(str(tmp_path)), tmp_path)
    if not said:
        pytest.skip("this system has no Landlock (docs/security.md)")
    assert said[:4] == ["True", "True", "True", "False"]


@pytest.mark.thorough
@pytest.mark.skipif(sys.platform != "linux", reason="prctl is Linux's")
def test_web_worker_and_beat_are_read_by_nobody_of_their_user(stack: RunningStack) -> None:
    for words in ("multiprocessing.spawn", "wiq.celery_app", "wiq.beat_app"):
        try:
            pid = stack.child(words).pid
        except AssertionError:
            pid = stack.child("granian").children()[0].pid
        # What is not dumpable belongs to root in /proc (proc(5)).
        assert Path(f"/proc/{pid}/environ").stat().st_uid == 0
        status = Path(f"/proc/{pid}/status").read_text()
        assert "Umask:\t0077" in status
