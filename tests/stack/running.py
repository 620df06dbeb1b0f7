"""A whole stack, started by run.py as a user starts it, for tests that need the real thing."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Any

import psutil
from redis import Redis

ROOT = Path(__file__).resolve().parents[2]
# What the surrounding test run set for its own servers.
OF_THE_TESTS = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "WIQ_MAIL_CATCHER", "WIQ_INBOUND_AUTHSERV", "WIQ_STATE",
                "WIQ_PORT", "SECRET_KEY", "WIQ_TEST_SERVERS", "DJANGO_SETTINGS_MODULE")  # fmt: skip


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def eventually(condition: Callable[[], Any], seconds: float, what: str = "") -> Any:
    """Wait until a condition holds and return its value; fail after ``seconds``."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.1)
    raise AssertionError(f"not within {seconds} s: {what or condition}")


def lives(process: psutil.Process) -> bool:
    """Tell whether a process still runs; one that ends while one looks, or waits for its parent, does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@contextmanager
def open_folder(name: str) -> Iterator[Path]:
    """Give a folder that every user may enter, so that root's PostgreSQL finds its data there."""
    folder = Path(tempfile.mkdtemp(prefix=name))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@dataclass
class Answer:
    status: int
    headers: Message  # names in any case, as HTTP has them
    text: str

    def json(self) -> Any:
        return json.loads(self.text)


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


opener = urllib.request.build_opener(NoRedirect)


class RunningStack:
    """One ``run.py up`` with a state folder and port of its own."""

    def __init__(self, state: Path, *options: str, **environment: str) -> None:
        self.state = state
        self.options = options
        self.port = free_port()
        self.environment = {k: v for k, v in os.environ.items() if k not in OF_THE_TESTS}
        # Requests of a test come from many addresses, or the eleventh in a minute would wait.
        self.environment |= {"WIQ_TRUSTED_PROXIES": "127.0.0.1"} | environment
        self.process: subprocess.Popen[str] | None = None
        self.output = ""
        self._visitors = 0
        self._reader: threading.Thread | None = None

    def command(self) -> list[str]:
        return [sys.executable, str(ROOT / "run.py"), "up", "--port", str(self.port),
                "--state", str(self.state), *self.options]  # fmt: skip

    def start(self, seconds: float = 90) -> "RunningStack":
        """Start and wait for the line ``ready:``; fails with the output where it does not come."""
        self.process = subprocess.Popen(
            self.command(), env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            # As an operator's shell; what this process has imported may have closed its own.
            text=True, start_new_session=True, umask=0o022,
        )  # fmt: skip
        assert self.process.stdout is not None
        deadline = time.monotonic() + seconds
        for line in self.process.stdout:
            self.output += line
            if line.startswith("ready: "):
                # A pipe that nobody reads is full at last, and whoever prints into it stands still.
                self._reader = threading.Thread(target=self._read_on, daemon=True)
                self._reader.start()
                return self
            if time.monotonic() > deadline:
                break
        raise AssertionError(f"the stack did not start:\n{self.output}")

    @property
    def seconds_to_start(self) -> float:
        found = re.search(r"started in ([\d.]+) s", self.output)
        assert found
        return float(found[1])

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Ask the stack to stop and return its exit status."""
        assert self.process is not None
        self.process.send_signal(number)
        status = self.process.wait(20)
        if self._reader is not None:
            self._reader.join(5)
        return status

    def _read_on(self) -> None:
        assert self.process is not None and self.process.stdout is not None
        for line in self.process.stdout:
            self.output += line

    def kill(self) -> None:
        """``kill -9`` of the supervisor."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def processes(self) -> list[psutil.Process]:
        """Return the supervisor and every process it started, while it lives."""
        assert self.process is not None
        supervisor = psutil.Process(self.process.pid)
        return [supervisor, *supervisor.children(recursive=True)]

    def child(self, words: str) -> psutil.Process:
        """Return the one process whose command line holds these words."""
        for process in self.processes():
            try:
                if words in " ".join(process.cmdline()):
                    return process
            except psutil.Error:  # it ended while we looked
                continue
        raise AssertionError(f"no process with {words!r}")

    def manage(self, code: str) -> str:
        """Run Python in the stack's Django and return what it printed."""
        return self.manage_command("shell", "--no-imports", "-c", code)

    def manage_command(self, *words: str) -> str:
        """Run a command of Django's against the stack and return what it printed."""
        command = [sys.executable, "run.py", "manage", *words]
        environment = self.environment | {"WIQ_STATE": str(self.state)}
        return subprocess.run(
            command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True
        ).stdout

    def forget_posts(self) -> None:
        """Forget how many forms came from here: after many, each asks for a proof of work."""
        with Redis.from_url(self.announced()["REDIS_URL"]) as valkey:
            for key in valkey.scan_iter("*posts_*"):
                valkey.delete(key)

    def announced(self) -> dict[str, str]:
        announced: dict[str, str] = json.loads((self.state / "stack.json").read_text())
        return announced

    def post_form(self, path: str, host: str, fields: dict[str, str]) -> Answer:
        """Send a form, as a browser does."""
        body = urllib.parse.urlencode(fields).encode()
        return self._ask(
            path, host, body, None, {"Content-Type": "application/x-www-form-urlencoded"}
        )

    def get(
        self,
        path: str,
        host: str = "localhost",
        data: Any = None,
        method: str | None = None,
        **headers: str,
    ) -> Answer:
        """Ask the web server, as a program does; with ``data``, post it as JSON."""
        body = json.dumps(data).encode() if data is not None else None
        return self._ask(path, host, body, method, headers)

    def _ask(
        self, path: str, host: str, body: bytes | None, method: str | None, headers: dict[str, str]
    ) -> Answer:
        self._visitors += 1
        sent = {"Host": f"{host}:{self.port}", "Content-Type": "application/json", **headers}
        sent["X-Forwarded-For"] = f"198.51.{self._visitors // 250}.{self._visitors % 250 + 1}"
        url = f"http://127.0.0.1:{self.port}{path}"
        request = urllib.request.Request(url, body, sent, method=method)
        try:
            with opener.open(request, timeout=20) as response:
                return Answer(response.status, response.headers, response.read().decode())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.headers, error.read().decode())

    def healthy(self) -> bool:
        """Tell whether all parts work; of the mail server one hears with the next mail alone."""
        try:
            said = self.get("/health/ready").json()
        except (OSError, ValueError):
            return False
        # Some stacks have no accounts: what is still to do there is no part that fails.
        parts = said.keys() - {"status", "mail", "mail_server", "project_team"}
        return bool(parts) and all(said[part] == "ok" for part in parts)

    def send_request(self, email: str) -> Answer:
        """Send a contact request to Leipziger Westen."""
        data = {
            "name": "Erika Beispiel",
            "email": email,
            "message": "Guten Tag, das ist ein Versuch.",
            "privacy_acknowledged": True,
        }
        return self.get("/api/v1/contact-requests/", "leipziger-westen.localhost", data)
