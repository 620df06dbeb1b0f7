"""The mail catcher: an SMTP server that keeps every mail in a Maildir and delivers none.

Run as ``python -m wiq.embedded.catcher MAILDIR DESCRIPTOR REPLY_DOMAIN``. What is addressed to
``…+…@REPLY_DOMAIN`` lies in the subfolder "inbound" too, for the worker (wiq.inbound.maildir).
The supervisor passes the listening socket on, so that the port stays the same when the catcher is
restarted. The web inbox at ``/postfach/`` (wiq.embedded.postbox) reads the Maildir.
"""

import asyncio
import logging
import mailbox
import signal
import socket
import sys
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

MAXIMUM_BYTES = 33_554_432
# Under this name /postfach/ says who wrote a mail there, so nobody else may.
NAME = "postfach.wiq.internal"


class KeepInMaildir:
    """Stores each message before it tells the sender that it was accepted."""

    def __init__(self, folder: Path, reply_domain: str) -> None:
        self.maildir = mailbox.Maildir(folder, create=True)
        self.inbound = self.maildir.add_folder("inbound")
        self.reply_domain = reply_domain

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content
        assert isinstance(content, bytes)
        message = mailbox.MaildirMessage(content)
        del message["Authentication-Results"]
        message["X-WiQ-Envelope-From"] = envelope.mail_from or ""
        message["X-WiQ-Envelope-To"] = ", ".join(envelope.rcpt_tos)
        self.maildir.add(message)
        if any(self._is_reply(address) for address in envelope.rcpt_tos):
            self.inbound.add(message)
        return "250 Message accepted"

    def _is_reply(self, address: str) -> bool:
        local, _at, domain = address.rpartition("@")
        return "+" in local and domain.lower() == self.reply_domain


def listening_socket() -> socket.socket:
    """Return a socket on a free local port, to pass on to the catcher."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", 0))
    listener.listen(128)
    return listener


async def serve(folder: Path, listener: socket.socket, reply_domain: str) -> None:
    """Accept mail until asked to stop."""
    handler = KeepInMaildir(folder, reply_domain)
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    server = await loop.create_server(
        lambda: SMTP(
            handler,
            data_size_limit=MAXIMUM_BYTES,
            enable_SMTPUTF8=True,
            ident="WiQ",
            hostname="localhost",
        ),
        sock=listener,
    )
    await stop.wait()
    server.close()


def main() -> None:
    """Run the catcher on the socket and folder named on the command line."""
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    listener = socket.socket(fileno=int(sys.argv[2]))
    asyncio.run(serve(Path(sys.argv[1]), listener, sys.argv[3]))


if __name__ == "__main__":
    main()
