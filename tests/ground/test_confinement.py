"""What reads uploads opens nothing more, and nobody reads the memory of web, worker and beat."""

import ctypes
import os
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
REACHES = """
import os, sys
sys.path.insert(0, {platform!r})
from wiq import confinement
from wiq.media import redraw
redraw.limit()
def fails(what, *arguments):
    try:
        what(*arguments)
    except (OSError, ValueError):
        return True
    return False
import resource
print(fails(os.kill, {parent}, 0), fails(os.fork), os.geteuid() != 0,
      fails(resource.setrlimit, resource.RLIMIT_NOFILE, (64, 64)), fails(os.setuid, 0))
"""
PLATFORM = str(Path(__file__).resolve().parents[2] / "platform")


def version_of_landlock() -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    return int(libc.syscall(444, None, ctypes.c_size_t(0), 1))


def tried(confine: str, folder: Path) -> list[str]:
    code = TRIES.format(platform=PLATFORM, confine=confine, folder=str(folder))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env={})
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_what_draws_pictures_opens_no_file_and_no_connection(tmp_path: Path) -> None:
    assert tried("confinement.open_nothing_more()", tmp_path) == ["True"] * 6
    assert tried("", tmp_path) == ["False"] * 5 + ["True"]


@pytest.mark.skipif(sys.platform != "linux", reason="Landlock and own users need Linux or root")
def test_what_draws_signals_nobody_starts_nothing_and_is_not_root() -> None:
    code = REACHES.format(platform=PLATFORM, parent=os.getpid())
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env={})
    assert done.returncode == 0, done.stderr
    signals, *others = done.stdout.split()
    assert others == ["True"] * 4
    # Somebody who is not root, without Landlock's scopes (Linux 6.12), may signal its own.
    if os.geteuid() != 0 and version_of_landlock() < 6:
        pytest.skip("this system has no user of its own for it (docs/security.md)")
    assert signals == "True"


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
def test_web_and_worker_are_read_by_nobody_of_their_user(stack: RunningStack) -> None:
    for words in ("wiq.web_alone", "wiq.celery_app"):
        pid = stack.child(words).pid
        # What is not dumpable belongs to root in /proc (proc(5)).
        assert Path(f"/proc/{pid}/environ").stat().st_uid == 0
        status = Path(f"/proc/{pid}/status").read_text()
        assert "Umask:\t0077" in status
