"""A mail server that takes everything, as little work as possible, in a process of its own.

    python -m bench.mail_sink PORT FILE

Appends the moment of every mail it took to FILE (time.monotonic, the same for all processes), one a
line. ``FILE.eml`` is the first of them.
"""

import asyncio
import sys
import time
from pathlib import Path

REPLIES = {b"MAIL": b"250 OK", b"RCPT": b"250 OK", b"RSET": b"250 OK", b"NOOP": b"250 OK"}
END = b"\r\n.\r\n"


class Sink(asyncio.Protocol):
    """One connection."""

    def __init__(self, log: Path) -> None:
        self.log = log
        self.in_content = False
        self.buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while self._step():
            pass

    def _step(self) -> bool:
        """Read one command or one mail; tell whether there was a whole one."""
        mark = END if self.in_content else b"\r\n"
        read, found, rest = self.buffer.partition(mark)
        if not found:
            return False
        self.buffer = rest
        self.transport.write(
            (self._take(read) if self.in_content else self._answer(read)) + b"\r\n"
        )
        return True

    def _take(self, content: bytes) -> bytes:
        self.in_content = False
        with self.log.open("a", encoding="ascii") as log:
            log.write(f"{time.monotonic()}\n")
        first = self.log.with_suffix(".eml")
        if not first.exists():
            first.write_bytes(content)
        return b"250 OK"

    def _answer(self, line: bytes) -> bytes:
        verb = line[:4].upper()
        if verb == b"EHLO":
            return b"250-sink\r\n250-8BITMIME\r\n250 SMTPUTF8"
        if verb == b"DATA":
            self.in_content = True
            return b"354 go on"
        if verb == b"QUIT":
            self.transport.write(b"221 Bye\r\n")
            self.transport.close()
        return REPLIES.get(verb, b"502 what?")


async def serve(port: int, log: Path) -> None:
    """Take mails until killed."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Sink(log), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
