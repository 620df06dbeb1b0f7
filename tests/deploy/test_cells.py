"""Several installations behind one host map, with the configurations that are shipped."""

import shutil
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.deploy.cells import CELLS, haproxy
from tests.deploy.proxies import _running, program
from tests.stack.running import free_port, opener


@contextmanager
def cell(name: str) -> Iterator[ThreadingHTTPServer]:
    """Run a server that says its name, the host it was asked for and the path."""

    class Says(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = f"{name} {self.headers['Host']} {self.path}".encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Says) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.shutdown()


@contextmanager
def caddy(a: int, b: int, folder: Path) -> Iterator[int]:
    port, asked = free_port(), free_port()
    text = (CELLS / "Caddyfile").read_text()
    for ours, theirs in (
        ("\temail {$ACME_EMAIL}", "\tadmin off\n\tauto_https off"),
        ("https:// {\n\ttls {\n\t\ton_demand\n\t}", f"http://:{port} {{"),
        ("127.0.0.1:8100", f"127.0.0.1:{asked}"),
    ):
        assert ours in text
        text = text.replace(ours, theirs)
    (folder / "Caddyfile").write_text(text)
    shutil.copy(CELLS / "moved.caddy", folder)
    cells = (CELLS / "cells.caddy").read_text()
    for host, place in (("10.0.0.1:8000", a), ("10.0.0.2:8000", b)):
        assert host in cells
        cells = cells.replace(host, f"127.0.0.1:{place}")
    (folder / "cells.caddy").write_text(cells)
    command = [
        program("caddy"),
        "run",
        "--adapter",
        "caddyfile",
        "--config",
        str(folder / "Caddyfile"),
    ]
    with _running(command, {"HOME": str(folder)}, folder / "caddy.log", port):
        (folder / "asked").write_text(str(asked))
        yield port


def asked(port: int, host: str, path: str = "/") -> tuple[int, str]:
    """Return status and body, or the address that it leads to."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Host": host})
    try:
        with opener.open(request, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers.get("Location", "")


@pytest.mark.parametrize("proxy", [haproxy, caddy])
def test_each_host_is_answered_by_its_installation_and_no_other(
    proxy: object, tmp_path: Path
) -> None:
    with (
        cell("a") as a,
        cell("b") as b,
        proxy(a.server_port, b.server_port, tmp_path) as port,  # type: ignore[operator]
    ):
        for host, name in (
            ("a.wiq.example", "a"), ("b.wiq.example", "b"), ("nordviertel.example", "b"),
            ("west.a.wiq.example", "a"), ("west.b.wiq.example", "b"),
        ):  # fmt: skip
            assert asked(port, host) == (200, f"{name} {host} /")
        assert asked(port, "WEST.b.wiq.example:443")[1].startswith("b ")
        for stranger in ("wiq.example", "xa.wiq.example", "a.wiq.example.evil.example"):
            assert asked(port, stranger)[0] == 404
        assert asked(port, "a.wiq.example", "/intern/bereit/")[0] == 404
        # Who has moved is found with every path.
        assert asked(port, "suedviertel.a.wiq.example", "/kontakt/?x=1") == (
            308, "https://suedviertel.b.wiq.example/kontakt/?x=1",
        )  # fmt: skip


@pytest.mark.parametrize("proxy", [haproxy, caddy])
def test_what_one_installation_does_not_answer_the_other_does(
    proxy: object, tmp_path: Path
) -> None:
    with cell("b") as b, proxy(free_port(), b.server_port, tmp_path) as port:  # type: ignore[operator]
        assert asked(port, "west.a.wiq.example")[0] in (502, 503)
        assert asked(port, "west.b.wiq.example") == (200, "b west.b.wiq.example /")


def test_districts_apply_where_there_is_room(tmp_path: Path) -> None:
    with cell("a") as a, cell("b") as b, haproxy(a.server_port, b.server_port, tmp_path) as port:
        place = "/en/quartier-anmelden/?k=1"
        assert asked(port, "a.wiq.example", place) == (302, f"https://b.wiq.example{place}")
        assert asked(port, "b.wiq.example", place) == (200, f"b b.wiq.example {place}")


def test_the_installation_of_a_host_is_asked_about_its_certificate(tmp_path: Path) -> None:
    with cell("a") as a, cell("b") as b, caddy(a.server_port, b.server_port, tmp_path):
        inner = int((tmp_path / "asked").read_text())
        path = "/intern/zertifikat/?domain=nordviertel.example"
        assert asked(inner, f"127.0.0.1:{inner}", path) == (200, f"b b.wiq.example {path}")
