"""The registry with 2,000 solution teams: how long it takes, and how many a second.

    python3 run.py test --collect-only -q   (once: installs what this needs)
    .venv/bin/python -m bench.registry

Starts a stack of its own and fills a district. Latency: pages that no memory holds (every address
is another one) and pages from memory. Throughput, where the program wrk is installed: the registry
beside constants of the same bytes through the same web server without Django (in our own interface,
RSGI, and in WSGI), and beside Django's own constant (/health/live), in turns. A share is the median
of the shares of all turns, by answers a second and by the time of the processor that each answer
costs the server, which other work on the machine changes little.
"""

import json
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import psutil

from bench.main_job import summary
from tests.stack.running import RunningStack, eventually, free_port, open_folder

HOST = "leipziger-osten.localhost"
TEAMS = 2000
# As browsers ask for pages, so the constant has the bytes of the packed page.
PACKED = "br"
PAGES = {
    "whole list": "/loesungsteams/?",
    "topic and state": "/loesungsteams/?fokus=t3&status=running&",
    "latest news first": "/loesungsteams/?sortierung=neues&",
    "search, words": "/loesungsteams/?q=tauschen+garten&",
    "search, misspelled": "/loesungsteams/?q=Recyclingstaton&",
    "search, finds most": "/loesungsteams/?q=wasser&",
    "profile": "/loesungsteams/team-7/?",
    "api list": "/api/v1/solution-teams/?search=garten&",
}
FILL = """
import random
from django.db import connection
from django_tenants.utils import tenant_context
from directory.solutions import services
from tenants.districts.models import District
random.seed(7)
words = ("Baum Garten Rad Kinder Senioren Wasser Sonne Platz Bank Musik Werkstatt Hof Dach Wand "
         "Kanal Park Spiel Laden Tausch Pflege Sport Boot Licht Weg Fest Markt Brot Holz").split()
with tenant_context(District.objects.get(slug="leipziger-osten")):
    topics = [services.create_topic(actor="bench", slug=f"t{n}", name=f"Fokus {w}")
              for n, w in enumerate(words)]
    states = ("running", "operating", "paused", "completed", "self_sustaining")
    for n in range(%d):
        services.create_team(
            actor="bench", slug=f"team-{n}", name=" ".join(random.sample(words, 3)) + f" {n}",
            state=states[n %% 5], topics=random.sample(topics, 2),
            challenge=" ".join(random.choices(words, k=60)),
            approach=" ".join(random.choices(words, k=60)))
with connection.cursor() as cursor:  # as the owner: a district's role takes no statistics
    cursor.execute("VACUUM ANALYZE")
"""
CONSTANT = """
BODY = b"x" * {size}
HEADERS = {headers!r}
def wsgi(environ, start_response):
    start_response("200 OK", HEADERS)
    return [BODY]
class Constant:
    async def __rsgi__(self, scope, protocol):
        protocol.response_bytes(200, HEADERS, BODY)
rsgi = Constant()
"""
TURNS = 7


def fill(stack: RunningStack) -> float:
    """Create the solution teams; return the seconds that took."""
    began = time.monotonic()
    stack.manage(FILL % TEAMS)
    return time.monotonic() - began


def latencies(stack: RunningStack, count: int = 60) -> dict[str, Any]:
    """Return the times of each page, made anew each time and from memory."""
    found: dict[str, Any] = {}
    for name, path in PAGES.items():
        made, kept = [], []
        for number in range(count):
            for times, address in ((made, f"{path}n={number}"), (kept, path)):
                began = time.perf_counter()
                assert stack.get(address, HOST).status == 200
                times.append(time.perf_counter() - began)
        found[name] = {"made anew": summary(made), "from memory": summary(kept[5:])}
    return found


def asked(url: str, host: str, pid: int) -> tuple[float, float]:
    """Return the answers a second that wrk gets, and the µs of processor each costs ``pid``."""
    before = processor_seconds(pid)
    command = ["wrk", "-t1", "-c8", "-d2s", "-H", f"Host: {host}",
               "-H", f"Accept-Encoding: {PACKED}", url]  # fmt: skip
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in said, said
    rate, count = (
        re.search(r"Requests/sec:\s+([\d.]+)", said),
        re.search(r"(\d+) requests in", said),
    )
    assert rate is not None and count is not None
    return float(rate[1]), (processor_seconds(pid) - before) / int(count[1]) * 1e6


def processor_seconds(pid: int) -> float:
    """Return what a process and those it started have used of the processors."""
    process = psutil.Process(pid)
    every = [process, *process.children(recursive=True)]
    return float(sum(sum(one.cpu_times()[:2]) for one in every))


@contextmanager
def constant(folder: Path, interface: str, *options: str) -> Iterator[tuple[str, str, int]]:
    """Serve the constant as our web server is started; yield address, host and process."""
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", interface, "--port", str(port),
               "--workers", "1", "--no-ws", *options, f"constant:{interface}"]  # fmt: skip
    # A session of its own, as the web server has: Linux shares the processors among sessions.
    server = subprocess.Popen(command, cwd=folder, start_new_session=True, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL)  # fmt: skip
    try:
        time.sleep(2)
        yield f"http://127.0.0.1:{port}/", "localhost", server.pid
    finally:
        server.terminate()
        server.wait()


def throughput(stack: RunningStack, folder: Path) -> dict[str, Any]:
    """Measure registry and constants side by side, in turns."""
    if shutil.which("wrk") is None:
        return {"not measured": "please install wrk"}
    ours, web = f"http://127.0.0.1:{stack.port}", stack.child("wiq.web_alone").pid
    url = f"{ours}/loesungsteams/"
    page = urllib.request.Request(url, headers={"Host": HOST, "Accept-Encoding": PACKED})
    with urllib.request.urlopen(page, timeout=20) as answer:
        size = len(answer.read())
        headers = [(name, value) for name, value in answer.headers.items()
                   if name.lower() not in ("date", "server", "connection")]  # fmt: skip
    (folder / "constant.py").write_text(CONSTANT.format(size=size, headers=headers))
    with (
        constant(folder, "rsgi") as rsgi,
        constant(folder, "wsgi", "--blocking-threads", "4") as wsgi,
    ):
        ways = {
            "registry from memory": (url, HOST, web),
            "constant, RSGI": rsgi,
            "constant, WSGI": wsgi,
            "constant through Django": (f"{ours}/health/live", "localhost", web),
        }
        turns = [{name: asked(*way) for name, way in ways.items()} for _turn in range(TURNS)]
    found: dict[str, Any] = {
        name: {
            "a second": round(median(turn[name][0] for turn in turns)),
            "µs of processor": round(median(turn[name][1] for turn in turns), 1),
        }
        for name in ways
    }
    for name in ("constant, RSGI", "constant, WSGI"):
        pairs = [(turn["registry from memory"], turn[name]) for turn in turns]
        found[f"share of the {name}"] = {
            "by answers a second": shares([mine[0] / other[0] for mine, other in pairs]),
            "by processor time": shares([other[1] / mine[1] for mine, other in pairs]),
        }
    return found


def shares(found: list[float]) -> str:
    """Return the median of some shares, with the least and the most."""
    return f"{median(found):.2f} ({min(found):.2f} to {max(found):.2f})"


def main() -> None:
    """Measure and print."""
    with open_folder("wiq-bench-") as folder:
        stack = RunningStack(folder / "state").start()
        try:
            seconds = fill(stack)
            eventually(stack.healthy, 10)
            answer = {
                "solution teams": TEAMS,
                "seconds to create them": round(seconds),
                "pages": latencies(stack),
                "answers a second": throughput(stack, folder),
            }
        finally:
            stack.stop()
    print(json.dumps(answer, indent=2))


if __name__ == "__main__":
    main()
