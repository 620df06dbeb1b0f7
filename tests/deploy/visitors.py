"""Visitors who read pages and write messages through a proxy, and what failed for them."""

import http.client
import itertools
import json
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

HOSTS = ("leipziger-westen.localhost", "leipziger-osten.localhost")
PAGES = ("/", "/menschen/", "/loesungsteams/", "/kontakt/", "/neuigkeiten/")
# One of so many asks for a page made anew, one of so many sends a message.
ANEW, POST = 4, 20


@dataclass
class Visitors:
    """Some threads that ask until they are told to stop, through the proxy of one port."""

    port: int
    # Visitors come from networks of their own: 127.NUMBER.x.y.
    number: int
    threads: int = 3
    answers: Counter[str] = field(default_factory=Counter)
    failed: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    slowest: float = 0.0

    def __post_init__(self) -> None:
        self._over = threading.Event()
        self._turn = itertools.count(1)
        self._running = [threading.Thread(target=self._ask_on) for _ in range(self.threads)]

    @property
    def asked(self) -> int:
        """Return how many requests were answered, or failed, so far."""
        return sum(self.answers.values()) + len(self.failed)

    def start(self) -> None:
        for each in self._running:
            each.start()

    def stop(self) -> None:
        self._over.set()
        for each in self._running:
            each.join()

    def _ask_on(self) -> None:
        while not self._over.is_set():
            turn = next(self._turn)
            began = time.monotonic()
            try:
                self._post(turn) if turn % POST == 0 else self._get(turn)
            except (OSError, http.client.HTTPException, ValueError) as error:
                self.failed.append(f"{turn}: {error!r}")
            self.slowest = max(self.slowest, time.monotonic() - began)

    def _get(self, turn: int) -> None:
        path = PAGES[turn % len(PAGES)]
        if turn % ANEW == 0:
            path += f"?n={self.number}-{turn}"
        status, text = self._asked("GET", path, turn)
        self._count("GET", status, 200, f"{path} {text[-300:] if status != 200 else ''}")

    def _post(self, turn: int) -> None:
        message = {
            "name": "Erika Beispiel",
            "email": f"rollt-{self.number}-{turn}@wechsel.example",
            "message": f"Guten Tag, das ist die Nachricht {self.number}-{turn}.",
            "privacy_acknowledged": True,
        }
        status, text = self._asked("POST", "/api/v1/contact-requests/", turn, json.dumps(message))
        self._count("POST", status, 201, text[:300])
        if status == 201:
            self.references.append(json.loads(text)["reference"])

    def _asked(self, method: str, path: str, turn: int, body: str = "") -> tuple[int, str]:
        source = (f"127.{self.number}.{turn // 250 % 250 + 1}.{turn % 250 + 1}", 0)
        asking = http.client.HTTPConnection("127.0.0.1", self.port, 60, source_address=source)
        try:
            headers = {"Host": HOSTS[turn % len(HOSTS)], "Content-Type": "application/json"}
            asking.request(method, path, body or None, headers)
            answer = asking.getresponse()
            return answer.status, answer.read().decode()
        finally:
            asking.close()

    def _count(self, method: str, status: int, expected: int, what: str) -> None:
        if status == expected:
            self.answers[method] += 1
        else:
            self.failed.append(f"{method} {status} {what}")
