"""A real DNS server with a few records, for whoever asks the one of ``WIQ_DNS_SERVER``."""

import socket
import threading
from contextlib import suppress
from typing import Any

import dns.message
import dns.rdatatype
import dns.rrset


class DnsServer:
    """Answers over UDP: one text a name (``records``), and mail servers (``mail_hosts``).

    ``addresses`` of a name are given one at each question, the last one for good: a name that
    leads elsewhere a moment later.
    """

    def __init__(self) -> None:
        self.records: dict[str, str] = {}
        self.mail_hosts: dict[str, str] = {}
        self.addresses: dict[str, list[str]] = {}
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.socket.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                self._answer(*self.socket.recvfrom(4096))

    def _answer(self, wire: bytes, asker: Any) -> None:
        question = dns.message.from_wire(wire)
        answer = dns.message.make_response(question)
        asked = question.question[0]
        name = asked.name.to_text().rstrip(".")
        kind = dns.rdatatype.to_text(asked.rdtype)
        found = self._found(name, kind)
        if found:
            answer.answer.append(dns.rrset.from_text(f"{name}.", 60, "IN", kind, found))
        elif not any(name in known for known in (self.records, self.mail_hosts, self.addresses)):
            answer.set_rcode(3)
        self.socket.sendto(answer.to_wire(), asker)

    def _found(self, name: str, kind: str) -> str:
        if kind == "TXT" and name in self.records:
            return f'"{self.records[name]}"'
        if kind == "MX" and name in self.mail_hosts:
            return f"10 {self.mail_hosts[name]}."
        if kind == "A" and name in self.addresses:
            given = self.addresses[name]
            return given.pop(0) if len(given) > 1 else given[0]
        return ""
