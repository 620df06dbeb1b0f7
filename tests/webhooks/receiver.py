"""A real HTTPS server that is told of new requests, with a certificate of its own authority."""

import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import trustme

NAME = "tickets.example"


class Receiver:
    """Keeps what it was sent, and answers with ``status``."""

    def __init__(self, folder: Path) -> None:
        self.status = 204
        # Seconds between two letters of the answer; 0 sends it at once.
        self.drops = 0.0
        self.headers: dict[str, str] = {}
        self.got: list[tuple[dict[str, str], str]] = []
        authority = trustme.CA()
        self.authority = str(folder / "authority.pem")
        authority.cert_pem.write_to_path(self.authority)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(NAME).configure_cert(context)
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_port

    @property
    def url(self) -> str:
        return f"https://{NAME}:{self.port}/hook?key=ist-geheim"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                sent = {name.lower(): value for name, value in self.headers.items()}
                receiver.got.append((sent, body))
                if receiver.drops:
                    self._drop_by_drop()
                    return
                self.send_response(receiver.status)
                for name, value in receiver.headers.items():
                    self.send_header(name, value)
                self.end_headers()

            def _drop_by_drop(self) -> None:
                with suppress(OSError):
                    for letter in "HTTP/1.1 200 Fine and a very long reason":
                        self.wfile.write(letter.encode())
                        time.sleep(receiver.drops)

            def log_message(self, *words: Any) -> None:
                """Say nothing."""

        return Handler


@contextmanager
def receiving(folder: Path) -> Iterator[Receiver]:
    """Run the server."""
    receiver = Receiver(folder)
    threading.Thread(target=receiver.server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield receiver
    finally:
        receiver.server.shutdown()
        receiver.server.server_close()
