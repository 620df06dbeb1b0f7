"""The registry with 2,000 solution teams: how long it takes, and how many a second.

    python3 run.py test --collect-only -q   (once: installs what this needs)
    .venv/bin/python -m bench.registry

Starts a stack of its own and fills a district. Latency: pages that no memory holds (every address
is another one) and pages from memory. Throughput, where the program wrk is installed: the registry
beside a constant of the same size through the same web server without Django, and beside Django's
own constant (/health/live), one after the other in the same run.
"""

import json
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

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
def application(environ, start_response):
    start_response("200 OK", HEADERS)
    return [BODY]
"""


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


def per_second(url: str, host: str) -> float:
    """Return how many answers a second wrk gets."""
    command = ["wrk", "-t1", "-c8", "-d5s", "-H", f"Host: {host}",
               "-H", f"Accept-Encoding: {PACKED}", url]  # fmt: skip
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in said, said
    number = re.search(r"Requests/sec:\s+([\d.]+)", said)
    assert number is not None
    return float(number[1])


def throughput(stack: RunningStack, folder: Path) -> dict[str, Any]:
    """Measure registry and constants side by side."""
    if shutil.which("wrk") is None:
        return {"not measured": "please install wrk"}
    url = f"http://127.0.0.1:{stack.port}/loesungsteams/"
    asked = urllib.request.Request(url, headers={"Host": HOST, "Accept-Encoding": PACKED})
    with urllib.request.urlopen(asked, timeout=20) as page:
        size = len(page.read())
        headers = [(name, value) for name, value in page.headers.items()
                   if name.lower() not in ("date", "server", "connection")]  # fmt: skip
    text = CONSTANT.format(size=size, headers=headers)
    (folder / "constant.py").write_text(text)
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port),
               "--workers", "1", "--blocking-threads", "4", "--no-ws", "constant:application"]  # fmt: skip
    server = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL)  # fmt: skip
    try:
        time.sleep(2)
        ours = f"http://127.0.0.1:{stack.port}"
        rates = {
            "constant without Django": per_second(f"http://127.0.0.1:{port}/", "localhost"),
            "registry from memory": per_second(f"{ours}/loesungsteams/", HOST),
            "constant through Django": per_second(f"{ours}/health/live", "localhost"),
        }
    finally:
        server.terminate()
        server.wait()
    best = rates["constant without Django"]
    return rates | {"share of the constant": round(rates["registry from memory"] / best, 2)}


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
