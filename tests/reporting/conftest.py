"""What a server has beside the platform (requirements/prod.txt), and somebody who receives.

Neither run.py nor the tests install it, so that both show that nothing of it is needed.
"""

import gzip
import re
import subprocess
import sys
import sysconfig
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import brotli
import pytest

from tests.stack.running import ROOT, RunningStack, open_folder

LIST = re.compile(r"^[a-z0-9].*(?:\n[ ].*)*", re.MULTILINE)
NAME = re.compile(r"[\w.-]+")
PACKED = {None: bytes, "gzip": gzip.decompress, "br": brotli.decompress}


def entries(name: str) -> dict[str, str]:
    """Return the entries of a list of requirements, by the package's name."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    return {NAME.findall(entry)[0]: entry for entry in LIST.findall(text)}


@dataclass(frozen=True)
class Server:
    """A Python that has what a server has."""

    python: Path
    packages: Path


def installed_in(folder: Path) -> Server:
    """Install what prod.txt has beyond base.txt, with its hashes, beside what the tests have."""
    lock = folder / "more.txt"
    more = [entry for name, entry in entries("prod").items() if name not in entries("base")]
    lock.write_text("\n".join(more))
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "venv"], check=True)
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    packages = folder / "venv" / "lib" / version / "site-packages"
    # The tests' own environment has no pip; the Python it was made from has one.
    pip = [Path(sys.base_prefix) / "bin" / "python3", "-m", "pip"]
    installed = subprocess.run(
        [*pip, "install", "--quiet", "--no-deps", "--require-hashes",
         "--only-binary=:all:", "--target", packages, "-r", lock], capture_output=True, text=True,
    )  # fmt: skip
    assert installed.returncode == 0, installed.stderr
    (packages / "tests.pth").write_text(sysconfig.get_path("purelib"))
    return Server(folder / "venv" / "bin" / "python", packages)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Server:
    return installed_in(tmp_path_factory.mktemp("server"))


class Served(RunningStack):
    """A stack whose Python has what a server has."""

    def __init__(self, server: Server, state: Path, **environment: str) -> None:
        super().__init__(state, **environment)
        self.server = server
        self.environment["PYTHONPATH"] = f"{ROOT}:{ROOT / 'platform'}"

    def command(self) -> list[str]:
        return [str(self.server.python), "-m", "wiq.embedded", "up", "--port", str(self.port),
                "--state", str(self.state), *self.options]  # fmt: skip

    def manage_command(self, *words: str) -> str:
        """Run a command of Django's with the same Python."""
        return subprocess.run(
            [str(self.server.python), "-m", "wiq.embedded", "manage", *words], cwd=ROOT, check=True,
            env=self.environment | {"WIQ_STATE": str(self.state)}, capture_output=True, text=True,
        ).stdout  # fmt: skip


@dataclass
class Receiver:
    """An HTTP server that keeps what is posted to it."""

    got: list[tuple[str, bytes]] = field(default_factory=list)
    url: str = ""

    def bodies(self, path: str) -> list[bytes]:
        return [body for asked, body in self.got if path in asked]


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Receive on a port of this machine."""
    received = Receiver()

    class Keep(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            body = PACKED[self.headers.get("Content-Encoding")](body)
            received.got.append((self.path, body))
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *args: Any) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Keep)
    received.url = f"http://127.0.0.1:{http.server_port}"
    threading.Thread(target=http.serve_forever, daemon=True).start()
    yield received
    http.shutdown()
    http.server_close()


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with receiving() as received:
        yield received


@pytest.fixture(scope="module")
def watched(server: Server, receiver: Receiver) -> Iterator[Served]:
    """A stack that tells the receiver of its errors, and sends it its traces."""
    dsn = receiver.url.replace("//", "//key@") + "/1"
    told = {"SENTRY_DSN": dsn, "OTEL_EXPORTER_OTLP_ENDPOINT": receiver.url}
    with open_folder("wiq-watched-") as folder:
        stack = Served(server, folder / "state", **told).start(180)
        yield stack
        stack.stop()
