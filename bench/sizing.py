"""What a server needs for so many districts: memory, disk, backup, night, and pages meanwhile.

    .venv/bin/python -m bench.sizing [DISTRICTS ...]   (after `python3 run.py lint`; 10 100 300)

Starts a stack of its own and fills it with copies of Leipziger Westen. At each number it asks six
pages of every district once, so that all tables were touched by web, and measures then.
"""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from bench.main_job import memory, summary
from tests.stack.running import RunningStack, eventually, open_folder
from wiq.embedded.postgres import packaged_binaries

NUMBERS = (10, 100, 300)
PAGES = ("/", "/menschen/", "/loesungsteams/", "/neuigkeiten/", "/kontakt/", "/api/v1/teams/")
FILL = """
from tenants.districts import moves
from tenants.districts.models import District
from tenants.transfer.services import SEEDS, import_district
for number in range(District.objects.count(), {count}):
    made = import_district(SEEDS / "leipziger-westen", slug=f"voll-{{number}}")
    moves.publish_on_the_operators_word(made, actor="bench")
"""
SIZE = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SELECT pg_database_size(current_database())")
    print("SIZE", cursor.fetchone()[0])
"""


def hosts(count: int) -> list[str]:
    """Return the hosts of all districts."""
    own = ["leipziger-westen", "leipziger-osten", *(f"voll-{n}" for n in range(2, count))]
    return [f"{slug}.localhost" for slug in own]


def visit_all(stack: RunningStack, count: int) -> list[float]:
    """Ask each page of each district; return the times in seconds."""
    times = []
    for host in hosts(count):
        for path in PAGES:
            began = time.perf_counter()
            assert stack.get(f"{path}?n={time.monotonic_ns()}", host).status == 200, (host, path)
            times.append(time.perf_counter() - began)
    return times


def timed(*command: str, stack: RunningStack) -> float:
    """Return the seconds that a command of Django's takes beside the running stack."""
    began = time.monotonic()
    stack.manage_command(*command)
    return round(time.monotonic() - began, 1)


def dump(stack: RunningStack, folder: Path) -> dict[str, float]:
    """Return how long the nightly dump takes, and its size."""
    parts = urlsplit(stack.announced()["DATABASE_URL"])
    target = folder / "wiq.dump"
    began = time.monotonic()
    subprocess.run(
        [str(packaged_binaries() / "bin" / "pg_dump"), "-h", unquote(parts.hostname or ""),
         "-U", str(parts.username), "--format=custom", f"--file={target}", "wiq"],
        check=True,
    )  # fmt: skip
    size = target.stat().st_size
    target.unlink()
    return {"seconds": round(time.monotonic() - began, 1), "MB": round(size / 1e6)}


def measure(stack: RunningStack, count: int, folder: Path) -> dict[str, Any]:
    """Fill the stack up to so many districts and measure."""
    began = time.monotonic()
    stack.manage(FILL.format(count=count))
    filled = time.monotonic() - began
    eventually(stack.healthy, 30)
    times = visit_all(stack, count)
    said = next(line for line in stack.manage(SIZE).splitlines() if line.startswith("SIZE"))
    return {
        "districts": count,
        "seconds to fill": round(filled),
        "pages made anew": summary(times),
        "memory in MB": memory(stack),
        "database in MB": round(int(said.split()[1]) / 1e6),
        "dump": dump(stack, folder),
        "migrate_districts, nothing to do, s": timed("migrate_districts", stack=stack),
        "the night's work on all districts, s": timed("tend_districts", stack=stack),
    }


def main() -> None:
    """Measure and print."""
    numbers = [int(word) for word in sys.argv[1:]] or list(NUMBERS)
    with open_folder("wiq-sizing-") as folder:
        stack = RunningStack(folder / "state").start()
        try:
            answer = [measure(stack, count, folder) for count in numbers]
        finally:
            stack.stop()
    print(json.dumps(answer, indent=2))


if __name__ == "__main__":
    main()
