"""How long the web server waits for PostgreSQL: as long as it works, not while it hangs.

A query may be slow; only a server that does not even greet a new client is taken for hung.
"""

import contextlib
import socket
import time
from collections.abc import Generator
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen

from wiq.outages import DATABASE

SILENT_SECONDS = 0.7
GREETING_SECONDS = 0.5
# How often psycopg wakes up while it waits.
TICK_SECONDS = 0.1
# SSLRequest: any server answers it with one letter, before anybody signs in, and writes nothing
# into its log (https://www.postgresql.org/docs/18/protocol-flow.html#PROTOCOL-FLOW-SSL).
SSL_REQUEST = bytes.fromhex("0000000804d2162f")

Result = TypeVar("Result")


def greets(connection: psycopg.Connection[Any]) -> bool:
    """Tell whether the server of a connection answers a new client."""
    host, port = connection.info.host, connection.info.port
    try:
        with _opened(host, port) as client:
            client.settimeout(GREETING_SECONDS)
            client.sendall(SSL_REQUEST)
            return bool(client.recv(1))
    except OSError:
        return False


def _opened(host: str, port: int) -> socket.socket:
    if not host.startswith("/"):
        return socket.create_connection((host, port), timeout=GREETING_SECONDS)
    client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    with contextlib.ExitStack() as undo:
        undo.callback(client.close)
        client.settimeout(GREETING_SECONDS)
        client.connect(f"{host}/.s.PGSQL.{port}")
        undo.pop_all()
    return client


class PatientConnection(psycopg.Connection[Any]):
    """A connection that raises OperationalError when its server hangs, instead of waiting on."""

    def wait(
        self, gen: PQGen[Result], interval: float = TICK_SECONDS, timeout: float | None = None
    ) -> Result:
        """Wait for an answer (psycopg calls this for everything it sends)."""
        return super().wait(self._while_it_lives(gen), interval, timeout)

    def _while_it_lives(self, gen: PQGen[Result]) -> Generator[Any, Any, Result]:
        """Pass on what psycopg's generator asks for; look after the server when nothing comes."""
        try:
            wanted = next(gen)
            heard = time.monotonic()
            while True:
                ready = yield wanted
                if ready:
                    heard = time.monotonic()
                elif time.monotonic() - heard > SILENT_SECONDS:
                    self._end_if_hung()
                    heard = time.monotonic()
                wanted = gen.send(ready)
        except StopIteration as end:
            result: Result = end.value
            return result

    def _end_if_hung(self) -> None:
        if greets(self):
            return
        DATABASE.note_silence()
        # Nobody may use it again: an answer to this question could still come.
        self.pgconn.finish()
        raise psycopg.OperationalError("the database hangs")
