"""The main job, measured: from a resident's click to the mail server's "250".

    python3 run.py test --collect-only -q   (once: installs what this needs)
    .venv/bin/python -m bench.main_job [REQUESTS]

Starts a stack of its own with an SMTP server in this process, sends contact requests one after the
other, and beside each hands the same kind of mail to the same server inside a plain function call,
which is what a site does that mails inside the request.
"""

import json
import smtplib
import statistics
import sys
import time
from email.message import EmailMessage
from typing import Any

import psutil
from aiosmtpd.controller import Controller

from tests.stack.running import RunningStack, eventually, free_port, open_folder

WEST = "leipziger-westen.localhost"
PAGES = ("/", "/menschen/", "/menschen/steuerungsteam/", "/kontakt/", "/en/", "/api/v1/teams/")


class Sink:
    """Accepts every mail and notes when."""

    def __init__(self) -> None:
        self.accepted: dict[str, float] = {}

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.accepted[envelope.rcpt_tos[0]] = time.perf_counter()
        return "250 OK"


def summary(seconds: list[float]) -> dict[str, float]:
    """Return median and 95th percentile in milliseconds."""
    ordered = sorted(seconds)
    return {
        "median_ms": round(statistics.median(ordered) * 1000, 1),
        "p95_ms": round(ordered[int(len(ordered) * 0.95) - 1] * 1000, 1),
    }


def send_inside(port: int, address: str) -> float:
    """Hand one mail to the server as part of a call; return the seconds it took."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "post@wiq.example", address, "Anfrage"
    message.set_content("Guten Tag, das ist ein Versuch.")
    began = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port) as server:
        server.send_message(message)
    return time.perf_counter() - began


PARTS = ("postgres", "wiq.web_alone", "celery_app", "catcher", "valkey", "reaper")


def part_of(process: psutil.Process) -> str:
    """Return which part of a stack a process is."""
    words = " ".join(process.cmdline())
    # PostgreSQL first: its settings have "worker" in their names.
    return next((name for name in PARTS if name in words), "supervisor")


def memory(stack: RunningStack) -> dict[str, int]:
    """Return the proportional memory of each process of the stack in MB, and the sum."""
    shares: dict[str, int] = {}
    for process in stack.processes():
        try:  # one may end while it is asked
            name = part_of(process)
            shares[name] = shares.get(name, 0) + process.memory_full_info().pss
        except psutil.Error:
            continue
    in_mb = {name: round(size / 1e6) for name, size in sorted(shares.items())}
    return in_mb | {"sum": sum(in_mb.values())}


def processor(stack: RunningStack) -> dict[str, float]:
    """Return the seconds of processor that each part has used, with those that ended in it.

    Unlike times by the clock they say nearly the same on a machine that others use as well.
    """
    spent: dict[str, float] = {}
    for process in stack.processes():
        try:
            name, used = part_of(process), process.cpu_times()
            spent[name] = spent.get(name, 0.0) + used.user + used.system
            if name == "postgres":  # its connections end and are not seen any more
                spent[name] += used.children_user + used.children_system
        except psutil.Error:
            continue
    return spent


def measure_pages(stack: RunningStack) -> dict[str, Any]:
    """Return the times of the public pages."""
    pages: dict[str, Any] = {}
    for page in PAGES:
        times = []
        for _index in range(60):
            began = time.perf_counter()
            assert stack.get(page, WEST).status == 200
            times.append(time.perf_counter() - began)
        pages[page] = summary(times[10:])
    return pages


def measure(count: int) -> dict[str, Any]:
    """Start a stack, send requests, and return what was measured."""
    sink, port = Sink(), free_port()
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    with open_folder("wiq-bench-") as folder:
        stack = RunningStack(folder / "state", EMAIL_URL=f"smtp://127.0.0.1:{port}").start()
        try:
            answers, accepted, inside = [], [], []
            for number in range(count + 5):
                address = f"r{number}@bench.example"
                began = time.perf_counter()
                assert stack.send_request(address).status == 201
                answer = time.perf_counter() - began
                eventually(lambda address=address: address in sink.accepted, 30)
                if number >= 5:  # the first ones warm everything up
                    answers.append(answer)
                    accepted.append(sink.accepted[address] - began)
                    inside.append(send_inside(port, f"inside{number}@bench.example"))
            pages = measure_pages(stack)
            load = memory(stack)
            stack.stop()
            second = RunningStack(stack.state, EMAIL_URL=f"smtp://127.0.0.1:{port}").start()
            started = second.seconds_to_start
            second.stop()
        finally:
            controller.stop()
    return {
        "requests": count,
        "visitor's answer": summary(answers),
        "submit to SMTP accepted": summary(accepted),
        "a mail handed over inside a call": summary(inside),
        "pages": pages,
        "memory after load, MB": load,
        "second start, s": started,
    }


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 200), indent=2))
