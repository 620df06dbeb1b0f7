"""Another installation on this machine: a real server that answers as its API does."""

import json
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import trustme

TOKEN = "schluessel-der-anderen"


class Other:
    """Keeps what it was asked; answers with what it holds, or as ``says`` makes it."""

    def __init__(self, name: str, *districts: str, authority: Path | None = None) -> None:
        self.name = name
        self.districts = list(districts)
        self.max_districts: int | None = 100
        self.status = 200
        # Instead of what it holds.
        self.body: bytes | None = None
        # Seconds before it answers, and between two bytes of the answer.
        self.waits, self.drops = 0.0, 0.0
        self.asked: list[str] = []
        self.changed: dict[str, Any] = {}
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.scheme = "http"
        if authority is not None:
            self._speak_tls(authority)
        self.host = f"{name}:{self.server.server_port}"

    @property
    def setting(self) -> dict[str, str]:
        """Its place in WIQ_CELLS."""
        return {"url": f"{self.scheme}://{self.host}", "host": self.host, "token": TOKEN}

    def _speak_tls(self, authority: Path) -> None:
        made = trustme.CA()
        made.cert_pem.write_to_path(str(authority))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.issue_cert(self.name).configure_cert(context)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.scheme = "https"

    def about(self) -> dict[str, Any]:
        return {
            "name": self.host, "url": f"http://{self.host}/",
            "console_url": f"http://{self.host}/plattform/", "version": "9.8.7",
            "districts": len(self.districts), "max_districts": self.max_districts,
            "states": {"published": len(self.districts)}, "failing": [], **self.changed,
        }  # fmt: skip

    def lines(self, asked: dict[str, list[str]]) -> dict[str, Any]:
        words, page = asked.get("search", [""])[0], int(asked.get("page", ["1"])[0])
        found = [slug for slug in self.districts if words.lower() in slug]
        shown = found[(page - 1) * 50 : page * 50]
        return {
            "count": len(found), "next": "more" if page * 50 < len(found) else None,
            "previous": None, "results": [self._line(slug) for slug in shown],
        }  # fmt: skip

    def _line(self, slug: str) -> dict[str, Any]:
        return {
            "slug": slug, "name": slug.title(), "city": "Chemnitz", "state": "hidden",
            "state_since": "2026-11-30T10:00:00+01:00", "delete_after": None,
            "host": f"{slug}.{self.host}", "url": f"http://{slug}.{self.host}/",
            "console_url": f"http://{self.host}/plattform/districts/district/7/change/",
        }  # fmt: skip

    def answer(self, path: str) -> bytes:
        if self.body is not None:
            return self.body
        parts = urlsplit(path)
        is_list = parts.path == "/api/v1/installation/districts/"
        data = self.lines(parse_qs(parts.query)) if is_list else self.about()
        return json.dumps(data).encode()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        other = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                other.asked.append(self.path)
                time.sleep(other.waits)
                is_let_in = self.headers["Authorization"] == f"Bearer {TOKEN}"
                body = other.answer(self.path)
                with suppress(OSError):
                    self.send_response(other.status if is_let_in else 401)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    for at in range(0, len(body), 1 if other.drops else len(body)):
                        self.wfile.write(body[at : at + (1 if other.drops else len(body))])
                        time.sleep(other.drops)

            def log_message(self, *words: Any) -> None:
                """Say nothing."""

        return Handler


@contextmanager
def running(other: Other) -> Iterator[Other]:
    """Run it."""
    threading.Thread(target=other.server.serve_forever, daemon=True).start()
    try:
        yield other
    finally:
        other.server.shutdown()
        other.server.server_close()
