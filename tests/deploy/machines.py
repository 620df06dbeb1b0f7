"""An installation on several machines: web, worker and beat as often as wanted, in one version each.

The servers (PostgreSQL, Valkey, mail catcher) are run.py's; each process has the environment and
the command of the image (platform/deploy/Dockerfile, docker-compose.yml).
"""

import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from tests.stack.running import OF_THE_TESTS, ROOT, eventually, free_port, open_folder
from wiq.embedded.stack import Stack, servers
from wiq.embedded.state import State

# A little longer than a proxy needs to hear of it, and keeps a connection (Caddyfile).
LEAVE_SECONDS = "6"
COMMANDS = {
    "web": ["-m", "wiq.serving.server", "--workers", "1", "--port"],
    "worker": ["-m", "celery", "-A", "wiq.celery_app", "worker", "--pool", "threads",
               "--loglevel", "INFO", "--without-gossip", "--without-mingle"],
    "beat": ["-m", "celery", "-A", "wiq.beat_app", "beat", "-l", "WARNING"],
}  # fmt: skip


class Machines:
    """Processes of the platform by their names (``web-1``), and the folder of code each runs."""

    def __init__(self, stack: Stack, folder: Path, **environment: str) -> None:
        """``environment`` is added to that of every process."""
        self.folder = folder
        self.owner = stack.environment | environment
        self.app = self.owner | stack.app_environment
        self.ports: dict[str, int] = {}
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def environment(self, code: Path, *, owner: bool = False) -> dict[str, str]:
        """Return what a process of this code gets, as the owner of the database or as its user."""
        given = self.owner if owner else self.app
        return given | {"PYTHONPATH": f"{code}:{code / 'platform'}"}

    def manage(self, code: Path, *words: str, owner: bool = True) -> str:
        """Run a command of Django's and return what it printed."""
        command = [sys.executable, "manage.py", *words]
        ran = subprocess.run(
            command,
            cwd=code,
            env=self.environment(code, owner=owner),
            capture_output=True,
            text=True,
        )
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    def start(self, name: str, code: Path = ROOT) -> None:
        """Start a process and wait until it works."""
        kind = name.partition("-")[0]
        words = list(COMMANDS[kind])
        extra = {}
        if kind == "web":
            words.append(str(self.ports.setdefault(name, free_port())))
            extra = {"WIQ_DB_POOL": "4", "WIQ_LEAVE_SECONDS": LEAVE_SECONDS}
        if kind == "beat" or "WIQ_MEDIA_URL" in self.owner:
            # As on a machine of its own.
            extra["WIQ_STATE"] = str(self.folder / name)
            Path(extra["WIQ_STATE"]).mkdir(exist_ok=True)
        log = self.log(name)
        seen = log.stat().st_size if log.exists() else 0
        with log.open("ab") as said:
            self.processes[name] = subprocess.Popen(
                [sys.executable, *words], cwd=code, env=self.environment(code) | extra,
                stdout=said, stderr=said,
            )  # fmt: skip
        if kind == "web":
            eventually(lambda: self.is_ready(name), 90, f"{name}: {log}")
        if kind == "worker":
            eventually(lambda: b" ready." in log.read_bytes()[seen:], 90, f"{name}: {log}")

    def stop(self, name: str) -> None:
        """Ask a process to end, as ``docker stop`` does, and wait until it has."""
        process = self.processes.pop(name)
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            kill_with_children(process)
            raise

    def roll(self, name: str, code: Path) -> None:
        """Replace a process by one of another version, as an upgrade does."""
        self.stop(name)
        self.start(name, code)

    def log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def is_ready(self, name: str) -> bool:
        """Tell whether a proxy may send visitors to a web server."""
        url = f"http://127.0.0.1:{self.ports[name]}/intern/bereit/"
        with suppress(OSError), urllib.request.urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
        return False

    def end(self) -> None:
        """End all that still runs, at once, with what each has started."""
        for process in self.processes.values():
            kill_with_children(process)


def kill_with_children(process: "subprocess.Popen[bytes]") -> None:
    """Kill a process and all that it started: the workers of a web server outlive it."""
    with suppress(psutil.NoSuchProcess):
        for child in psutil.Process(process.pid).children(recursive=True):
            child.kill()
    process.kill()
    process.wait()


@contextmanager
def machines(**environment: str) -> Iterator[Machines]:
    """Start the servers and a mail catcher; yield machines on which nothing runs yet."""
    kept = {name: os.environ.pop(name) for name in OF_THE_TESTS if name in os.environ}
    try:
        with open_folder("wiq-machines-") as folder, servers(State(folder / "state")) as stack:
            stack.start_catcher()
            made = Machines(stack, folder, WIQ_TRUSTED_PROXIES="127.0.0.1", **environment)
            try:
                yield made
            finally:
                made.end()
    finally:
        os.environ.update(kept)
