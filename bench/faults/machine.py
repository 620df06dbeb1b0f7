"""One stack under fire: runs the schedule of a seed, heals, and does the sum."""

import os
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import psycopg
import redis
from celery import Celery
from kombu.exceptions import OperationalError

from bench.faults import clocked
from bench.faults.mail_server import FaultyMailServer, Taken
from bench.faults.schedule import Fault, Schedule
from tests.stack.running import ROOT, RunningStack, eventually
from wiq.schedule import broker_url

HEAL_SECONDS = 300
# What a mail's conversation and the note about it may take around the moment of a kill.
SLACK_SECONDS = 1.5
MAILS_A_REQUEST = 2
WORKER, VALKEY, POSTGRES = "celery_app worker", "valkey", "bin/postgres"


class ClockedStack(RunningStack):
    """The stack with clocks that can be set (bench.faults.clocked)."""

    def command(self) -> list[str]:
        self.environment["PYTHONPATH"] = f"{ROOT}{os.pathsep}{ROOT / 'platform'}"
        return [sys.executable, "-m", "bench.faults.clocked", str(self.state), str(self.port)]

    def last_words(self) -> str:
        """Return the ends of the logs, for whoever looks at a failure."""
        logs = sorted((self.state / "log").glob("*.log"))
        said = [f"--- {log.name}\n{log.read_text()[-3000:]}" for log in logs]
        return "\n".join([self.output[-3000:], *said])


@dataclass
class Outcome:
    """What came out of a seed."""

    schedule: Schedule
    accepted: int = 0
    unanswered: int = 0
    mails: int = 0
    delivered: int = 0
    dead: int = 0
    pending: int = 0
    doubles: int = 0
    seconds_to_heal: float = 0.0
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        faults = "; ".join(str(fault) for fault in self.schedule.faults)
        return (
            f"seed {self.schedule.seed}: {'ok' if not self.wrong else 'FAILED ' + str(self.wrong)}"
            f" accepted {self.accepted}, without answer {self.unanswered}, mails {self.mails}"
            f" = delivered {self.delivered} + dead {self.dead} + pending {self.pending},"
            f" doubles in flight at a kill {self.doubles},"
            f" healed in {self.seconds_to_heal:.0f} s [{faults}]"
        )


class Machine:
    """A stack, its mail server, and the means to break them."""

    def __init__(self, folder: Path) -> None:
        self.with_clocks = clocked.can_set_clocks()
        self.mail = FaultyMailServer(folder)
        self.mail.start()
        self.stack = ClockedStack(
            folder / "state",
            EMAIL_URL=f"smtp+tls://127.0.0.1:{self.mail.port}",
            SSL_CERT_FILE=str(self.mail.authority),
        )
        self.stack.start()
        self._reach()

    def _reach(self) -> None:
        """Find the parts of the stack, to look into them and to break them."""
        announced = self.stack.announced()
        self.database_url = announced["DATABASE_URL"].replace("postgres://", "postgresql://")
        self.redis_url = announced["REDIS_URL"]
        self.queue = Celery(broker=broker_url(self.redis_url), set_as_current=False)
        self.queue.conf.broker_transport_options = {"global_keyprefix": "wiq-queue:"}
        self.breaks: list[tuple[float, float]] = []
        self.accepted: set[str] = set()

    def close(self) -> None:
        self.stack.stop()
        self.mail.stop()

    def run(self, plan: Schedule) -> Outcome:
        """Run a schedule, wait until everything is well again, and do the sum."""
        outcome = Outcome(plan)
        self.breaks.clear()
        self.mail.ledger.taken.clear()
        begin = time.monotonic()
        answers: dict[str, int] = {}
        with ThreadPoolExecutor(8) as visitors:
            for number, at in enumerate(plan.requests):
                visitors.submit(self._visit, begin + at, f"s{plan.seed}-{number}", answers)
            self._play(begin, plan.faults)
        healing = time.monotonic()
        try:
            eventually(self.stack.healthy, 60, "healthy after healing")
            eventually(lambda: not self._pending(), HEAL_SECONDS, "pending = 0")
        except AssertionError as problem:
            outcome.wrong.append(str(problem))
            if not self.stack.healthy():
                return outcome
        outcome.seconds_to_heal = time.monotonic() - healing
        self.accepted = {name for name, status in answers.items() if status == 201}
        return self.sum_up(outcome)

    def _visit(self, at: float, name: str, answers: dict[str, int]) -> None:
        time.sleep(max(0.0, at - time.monotonic()))
        try:
            answers[name] = self.stack.send_request(f"{name}@fault.example").status
        except OSError:  # no answer is an answer, too: the visitor tries again later
            answers[name] = 0

    def _play(self, begin: float, faults: list[Fault]) -> None:
        """Let every fault begin and end at its moment."""
        moments: list[tuple[float, Callable[[], None]]] = []
        for fault in faults:
            moments.append((fault.at, lambda fault=fault: self._begin(fault)))
            if fault.lasts:
                moments.append((fault.at + fault.lasts, lambda fault=fault: self._end(fault)))
        for at, happen in sorted(moments, key=lambda moment: moment[0]):
            time.sleep(max(0.0, begin + at - time.monotonic()))
            happen()

    def _begin(self, fault: Fault) -> None:
        match fault.kind.split():
            case ["smtp", mode]:
                self.mail.mode = mode
            case ["clock", "of", *whose]:
                self._set_clocks(whose[-1], fault.detail)
            case ["kill", "worker"]:
                self._signal(WORKER, signal.SIGKILL)
            case ["restart", "valkey"]:
                self._signal(VALKEY, signal.SIGTERM)
            case ["restart", "postgresql"]:
                self._signal(POSTGRES, signal.SIGINT)
            case ["kill", "postgresql"]:
                self._signal(POSTGRES, signal.SIGKILL)
            case ["empty", "valkey"]:
                self._empty_valkey()
            case ["five", "at", "once"]:
                self._deliver_five_times()
            case _:
                raise AssertionError(f"nobody knows how to do {fault.kind}")

    def _end(self, fault: Fault) -> None:
        if fault.kind.startswith("smtp"):
            self.mail.mode = "good"
        else:
            self._set_clocks("all", 0)

    def _set_clocks(self, whose: str, hours: int) -> None:
        for of_database in (True, False):
            if whose in ("all", "database" if of_database else "platform"):
                clocked.set_clock(self.stack.state, of_database, hours * 3600)

    def _signal(self, words: str, number: int) -> None:
        """Send a signal to a part, once it runs, and note how long it was away."""
        child = eventually(lambda: self._child(words), 20, words)
        down = time.monotonic()
        with suppress(psutil.NoSuchProcess):
            child.send_signal(number)
        # The faults after this one keep their moments: the return is noted beside them.
        self.breaks.append((down, float("inf")))
        threading.Thread(target=self._note_return, args=(words, child.pid, down)).start()

    def _note_return(self, words: str, pid: int, down: float) -> None:
        def returned() -> bool:
            child = self._child(words)
            return child is not None and child.pid != pid

        with suppress(AssertionError):
            eventually(returned, 60)
        self.breaks[self.breaks.index((down, float("inf")))] = (down, time.monotonic())

    def _child(self, words: str) -> psutil.Process | None:
        with suppress(AssertionError, psutil.Error):
            return self.stack.child(words)
        return None

    def _empty_valkey(self) -> None:
        with suppress(redis.RedisError):  # it is away at this moment: emptier it can't be
            redis.Redis.from_url(self.redis_url).flushall()

    def _deliver_five_times(self) -> None:
        # Where database or queue are away at this moment, nothing is delivered.
        with suppress(psycopg.Error, OperationalError, redis.RedisError, OSError):
            for pointer, schema in self._rows(
                "SELECT p.id, d.schema_name FROM outbox_pointer p"
                " JOIN districts_district d ON d.id = p.district_id WHERE p.state = 'pending'"
            ):
                for _ in range(5):
                    self.queue.send_task(
                        "wiq.mail.tasks.deliver",
                        (pointer, None),
                        retry=False,
                        headers={"_schema_name": schema},
                    )

    def _rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            return connection.execute(statement, values).fetchall()

    def _pending(self) -> bool:
        try:
            rows = self._rows("SELECT count(*) FROM outbox_pointer WHERE state = 'pending'")
        except psycopg.Error:
            return True
        return bool(rows[0][0])

    def sum_up(self, outcome: Outcome) -> Outcome:
        """Compare what was accepted, what the outbox says, and what the mail server took."""
        outcome.accepted = len(self.accepted)
        outcome.unanswered = len(outcome.schedule.requests) - outcome.accepted
        rows = self._mails(outcome.schedule.seed)
        mails_of = Counter(email.partition("@")[0] for email, _, _ in rows)
        outcome.wrong += [
            f"{name} was accepted and is gone" for name in self.accepted - set(mails_of)
        ]
        outcome.wrong += [
            f"{name}: {count} mails" for name, count in mails_of.items() if count != MAILS_A_REQUEST
        ]
        states = Counter(state for _, _, state in rows)
        outcome.mails = len(rows)
        outcome.delivered, outcome.dead = states["sent"], states["dead"]
        outcome.pending = states["pending"]
        taken = {key[1:].partition("@")[0]: value for key, value in self.mail.ledger.taken.items()}
        for email, uuid, state in rows:
            self._judge(outcome, f"{email}: {uuid}", state, taken.get(uuid, []))
        return outcome

    def _mails(self, seed: int) -> list[tuple[Any, ...]]:
        """Return the mails of a seed's requests: address of the resident, uuid, state."""
        (schema,) = self._rows(
            "SELECT schema_name FROM districts_district WHERE slug = 'leipziger-westen'"
        )[0]
        return self._rows(
            f"""SELECT r.email, m.uuid::text, p.state
                FROM "{schema}".contact_contactrequest r
                LEFT JOIN "{schema}".mail_message m
                  ON m.about_type = 'contact.contactrequest' AND m.about_id = r.id
                LEFT JOIN outbox_pointer p ON p.message_uuid = m.uuid
                WHERE r.email LIKE %s""",
            f"s{seed}-%@fault.example",
        )

    def _judge(self, outcome: Outcome, mail: str, state: str, times: list[Taken]) -> None:
        """Say what is wrong with one mail."""
        if state == "sent" and not times:
            outcome.wrong.append(f"{mail} counts as sent, and no mail server took it")
        if state not in ("sent", "dead", "pending"):
            outcome.wrong.append(f"{mail} has no pointer")
        if state == "dead" and not self.mail.ledger.refused_for_good:
            outcome.wrong.append(f"{mail} was given up, and nobody refused it for good")
        if len(times) > 1:
            outcome.doubles += len(times) - 1
            if not self._was_in_flight(times[0].began, times[0].taken):
                outcome.wrong.append(f"{mail} went out {len(times)} times without a kill")

    def _was_in_flight(self, began: float, taken: float) -> bool:
        return any(
            began - SLACK_SECONDS <= back and down <= taken + SLACK_SECONDS
            for down, back in self.breaks
        )
