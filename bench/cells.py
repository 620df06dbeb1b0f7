"""What visitors of one installation notice when another one behind the same proxy fails.

    .venv/bin/python -m bench.cells [ROUNDS] [SECONDS]   (after `python3 run.py lint`; 5 20)

Needs haproxy. Two whole installations run behind platform/deploy/cells/haproxy.cfg. Visitors read
pages of both all the time: those of "b" are measured, while "a" works and after all of its
processes were killed, in turns. In each round "a" is started again, and what comes meanwhile is
not counted. The ratio is the p95 without "a" to that with it, over all rounds.
"""

import http.client
import itertools
import json
import sys
import threading
import time
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from bench.main_job import summary
from tests.deploy.cells import WEST, A, B, TwoCells, two_cells

ROUNDS, SECONDS = 5, 20.0
PAGES = ("/", "/menschen/", "/loesungsteams/", "/kontakt/", "/neuigkeiten/")
# One of so many asks for a page that no memory holds.
ANEW = 4
PAUSE = 0.02


@dataclass
class Readers:
    """Threads that read the pages of one district until they are told to stop."""

    port: int
    host: str
    threads: int
    times: list[float] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._over = threading.Event()
        self._turn = itertools.count()
        self._running = [threading.Thread(target=self._read_on) for _ in range(self.threads)]

    def start(self) -> None:
        for each in self._running:
            each.start()

    def stop(self) -> None:
        self._over.set()
        for each in self._running:
            each.join()

    def _read_on(self) -> None:
        while not self._over.wait(PAUSE):
            turn = next(self._turn)
            path = PAGES[turn % len(PAGES)] + (f"?n={turn}" if turn % ANEW == 0 else "")
            began = time.perf_counter()
            self.statuses.append(self._status(path))
            self.times.append(time.perf_counter() - began)

    def _status(self, path: str) -> int:
        asking = http.client.HTTPConnection("127.0.0.1", self.port, 30)
        try:
            asking.request("GET", path, headers={"Host": f"{self.host}:{self.port}"})
            answer = asking.getresponse()
            answer.read()
            return answer.status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            asking.close()


def during(both: TwoCells, seconds: float) -> tuple[list[float], int, set[int]]:
    """Read pages of both for some seconds.

    Returns the times of pages of "b", how many of them failed, and the statuses of those of "a".
    """
    read = Readers(both.port, f"{WEST}.{B}", 2)
    beside = Readers(both.port, f"{WEST}.{A}", 1)
    for each in (read, beside):
        each.start()
    time.sleep(seconds)
    for each in (read, beside):
        each.stop()
    return read.times, sum(status != 200 for status in read.statuses), set(beside.statuses)


def measured(both: TwoCells, rounds: int = ROUNDS, seconds: float = SECONDS) -> dict[str, Any]:
    """Return what visitors of "b" waited with "a" and without it, in turns."""
    during(both, 3)  # what is first asked for is made
    with_a: list[float] = []
    without: list[float] = []
    ratios, failed = [], 0
    for _round in range(rounds):
        up, bad_up, beside = during(both, seconds)
        assert beside == {200}, beside
        both.kill(both.a)
        down, bad_down, beside = during(both, seconds)
        assert 200 not in beside, beside
        both.a.start()
        with_a, without, failed = with_a + up, without + down, failed + bad_up + bad_down
        ratios.append(summary(down)["p95_ms"] / summary(up)["p95_ms"])
    found, alone = summary(with_a), summary(without)
    return {
        "with a": found | {"pages": len(with_a)}, "without a": alone | {"pages": len(without)},
        "ratio of the p95": round(alone["p95_ms"] / found["p95_ms"], 2),
        "ratios of the rounds": [round(one, 2) for one in ratios],
        "median of the rounds": round(median(ratios), 2), "failed": failed,
    }  # fmt: skip


def main(words: list[str]) -> None:
    """Measure and print."""
    rounds = int(words[0]) if words else ROUNDS
    seconds = float(words[1]) if len(words) > 1 else SECONDS
    with two_cells() as both:
        print(json.dumps(measured(both, rounds, seconds), indent=1))


if __name__ == "__main__":
    main(sys.argv[1:])
