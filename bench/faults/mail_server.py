"""A mail server that misbehaves on demand, and counts what it really took."""

import asyncio
import re
import ssl
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from tests.stack.running import free_port

MESSAGE_ID = re.compile(rb"^Message-ID:\s*(<[^>]+>)", re.IGNORECASE | re.MULTILINE)
# What it can do wrong, as the issue names it; "good" is none of it.
MODES = ("421", "450", "550", "stall", "reset", "starttls")


@dataclass
class Taken:
    """One mail that was taken: when its conversation began, and when it was taken."""

    began: float
    taken: float


@dataclass
class Ledger:
    """What the server did, by Message-ID."""

    taken: dict[str, list[Taken]] = field(default_factory=lambda: defaultdict(list))
    refused_for_good: int = 0


class Conversation(SMTP):
    """One connection: refuses STARTTLS where the server is in that mood."""

    mood: "FaultyMailServer"

    async def smtp_STARTTLS(self, arg: str) -> None:
        if self.mood.mode == "starttls":
            await self.push("454 TLS not available due to temporary reason")
            return
        await super().smtp_STARTTLS(arg)


class FaultyMailServer:
    """Offers STARTTLS only, with a certificate of its own authority; its mode can be changed."""

    def __init__(self, folder: Path) -> None:
        self.mode = "good"
        self.ledger = Ledger()
        self.port = free_port()
        authority = trustme.CA()
        self.authority = folder / "authority.pem"
        authority.cert_pem.write_to_path(str(self.authority))
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(self._context)
        self._began: dict[int, float] = {}
        self._lock = threading.Lock()
        self._controller = _Controller(self, self._context, self.port)

    def start(self) -> None:
        self._controller.start()

    def stop(self) -> None:
        self._controller.stop()

    async def handle_MAIL(
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        self._began[id(session)] = time.monotonic()
        if self.mode == "421":
            return "421 service not available, closing transmission channel"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if self.mode == "450":
            return "450 mailbox busy, come back later"
        if self.mode == "550":
            self.ledger.refused_for_good += 1
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        while self.mode == "stall":
            await asyncio.sleep(0.05)
        if self.mode == "reset":
            # The mail is thrown away: who gets no answer must send it once more.
            server.transport.abort()
            return "451 gone"
        found = MESSAGE_ID.search(envelope.content)
        assert found
        began = self._began.pop(id(session), time.monotonic())
        with self._lock:
            self.ledger.taken[found[1].decode()].append(Taken(began, time.monotonic()))
        return "250 OK"


class _Controller(Controller):
    def __init__(self, mood: FaultyMailServer, context: ssl.SSLContext, port: int) -> None:
        self.mood = mood
        self.context = context
        super().__init__(mood, hostname="127.0.0.1", port=port)

    def factory(self) -> SMTP:
        conversation = Conversation(
            self.mood, hostname="localhost", tls_context=self.context, require_starttls=True
        )
        conversation.mood = self.mood
        return conversation
