"""Taking the servers of a running stack away for a while, as they really go."""

import os
import re
import shutil
import signal
import subprocess
import time
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from tests.stack.running import Answer, RunningStack, eventually, open_folder

WEST = "leipziger-westen.localhost"
# What visitors are promised while a server is away.
SECONDS = 2.0


def _with_children(stack: RunningStack, words: str) -> list[psutil.Process]:
    server = stack.child(words)
    return [server, *server.children(recursive=True)]


@contextmanager
def hung(stack: RunningStack, words: str) -> Iterator[None]:
    """Stop a server and its children (SIGSTOP): it takes connections and answers none."""
    processes = _with_children(stack, words)
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.suspend()
    try:
        yield
    finally:
        for process in processes:
            with suppress(psutil.NoSuchProcess):
                process.resume()


@contextmanager
def away(stack: RunningStack, words: str) -> Iterator[None]:
    """Kill a server; its supervisor, which would start it again, sleeps meanwhile."""
    assert stack.process is not None
    server = stack.child(words)
    stack.process.send_signal(signal.SIGSTOP)
    try:
        server.kill()
        eventually(lambda: server.status() == psutil.STATUS_ZOMBIE, 10)
        yield
    finally:
        stack.process.send_signal(signal.SIGCONT)


def in_time(ask: Callable[[], Answer]) -> Answer:
    """Return an answer that came within the time that is promised."""
    began = time.monotonic()
    answer = ask()
    taken = time.monotonic() - began
    assert taken < SECONDS, f"{taken:.1f} s"
    return answer


def sign_in(stack: RunningStack, path: str = "/anmelden/") -> Callable[[], Answer]:
    """Open the page for signing in, and return what sends it with a wrong password."""
    # As a browser: allauth answers programs in JSON.
    page = stack.get(path, WEST, **{"Content-Type": "text/html", "Accept": "text/html"})
    word = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
    assert word is not None
    fields = {
        "login": "niemand@reise.example",
        "password": "falsch",
        "csrfmiddlewaretoken": word[1],
    }
    headers = {
        "Cookie": page.headers["Set-Cookie"].partition(";")[0],
        "Origin": f"http://{WEST}:{stack.port}",
        "Content-Type": "application/x-www-form-urlencoded",
        "Accept": "text/html",
    }
    body = urllib.parse.urlencode(fields).encode()
    return lambda: stack._ask(path, WEST, body, None, headers)


@contextmanager
def small_disk(megabytes: int) -> Iterator[Path]:
    """Mount a small file system, which root may (tmpfs(5)), and give a folder on it."""
    with open_folder("wiq-small-") as folder:
        options = f"size={megabytes}m,mode=755"
        mount = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
        if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode:
            pytest.skip("needs the right to mount a file system")
        try:
            yield folder
        finally:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def full(disk: Path) -> Iterator[None]:
    """Fill a disk to its last byte."""
    ballast = disk / "ballast"
    with suppress(OSError), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(1_000_000))
    with suppress(OSError), ballast.open("ab", buffering=0) as file:
        while True:
            file.write(bytes(512))
    assert shutil.disk_usage(disk).free < 4096
    try:
        yield
    finally:
        ballast.unlink()
