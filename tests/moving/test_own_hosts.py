"""An own domain is the primary address again once it leads to its district here, not elsewhere."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tenants.moving import own_hosts
from tests.cast import District


@contextmanager
def answering(status: int, content: bytes) -> Iterator[int]:
    """Let a server answer all with these words; yield its port."""

    class Says(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *words: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Says) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


@pytest.mark.parametrize(("whose", "is_here"), [("nord", True), ("sued", False), ("", False)])
def test_only_the_districts_own_answer_tells_that_a_domain_leads_here(
    nord: District, sued: District, settings: Any, monkeypatch: pytest.MonkeyPatch,
    whose: str, is_here: bool,
) -> None:  # fmt: skip
    monkeypatch.setattr(own_hosts, "addresses_of", lambda host: [host])
    found = {one.slug: one.client().get(own_hosts.ASKED).content for one in (nord, sued)}
    with answering(200, found.get(whose, b"Diese Domain ist zu verkaufen.")) as port:
        own = settings.WIQ_PORT
        monkeypatch.setattr(
            own_hosts, "origin",
            lambda host: f"http://{host}:{port if host == '127.0.0.1' else own}",
        )  # fmt: skip
        assert own_hosts.leads_here("127.0.0.1", primary="nord.localhost") is is_here
    assert not own_hosts.leads_here("127.0.0.1", primary="nord.localhost")
