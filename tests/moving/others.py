"""Another installation that says what a test lets it say, however odd."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import psycopg
from django.db import connection

from tenants.provisioning.locks import held
from tests.cast import District

Said = tuple[int, Any]


@dataclass
class Other:
    """What it says of the move, what it was asked, and what happens when it is asked something."""

    url: str = ""
    stage: str = "offered"
    target: str = "https://nord.b.example"
    files: Any = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    answers: dict[str, Said] = field(default_factory=dict)
    happens: dict[str, Callable[[], None]] = field(default_factory=dict)

    def answer(self, asked: str) -> Said:
        self.asked.append(asked)
        self.happens.get(asked, lambda: None)()
        if asked in self.answers:
            return self.answers[asked]
        after = {"PUT rows/": "arrived", "POST serving/": "serving", "DELETE ": "called_off"}
        self.stage = after.get(asked, self.stage)
        return 200, {"stage": self.stage, "target": self.target, "files": self.files}


@contextmanager
def other_side() -> Iterator[Other]:
    """Let another installation answer on this machine."""
    other = Other()

    class Says(BaseHTTPRequestHandler):
        def speak(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            other.words.append(self.headers["Authorization"].removeprefix("Bearer "))
            path = self.path.partition("/api/v1/moves/")[2].partition("/")[2]
            status, said = other.answer(f"{self.command} {path}")
            content = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_PUT = do_POST = do_DELETE = speak  # noqa: N815

        def log_message(self, *words: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Says) as server:
        other.url = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield other
        server.shutdown()


@contextmanager
def worked_at(district: District) -> Iterator[None]:
    """Let another process work at a district, as a command does that moves it."""
    key = int(str(district.row.schema_name).removeprefix("d_"), 16) - 2**63
    given = connection.get_connection_params()
    wanted = ("host", "port", "user", "password", "dbname")
    with psycopg.connect(**{name: given[name] for name in wanted if given.get(name)}) as process:
        process.execute("SELECT pg_advisory_lock(%s)", [key])
        with held(str(district.row.schema_name)) as is_free:
            assert not is_free
        yield
