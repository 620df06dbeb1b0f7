"""What a server needs for so many districts: memory, disk, starts, backup, night, and pages.

Part of ``python -m bench``. The first districts are copies of Leipziger Westen, the others such as
a new one is before anybody has written a word.
"""

import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import psutil

from bench.main_job import memory, summary
from tests.stack.running import RunningStack, eventually
from wiq.embedded.postgres import packaged_binaries

COPIES = 8
PAGES = ("/", "/menschen/", "/loesungsteams/", "/neuigkeiten/", "/kontakt/", "/api/v1/teams/")
FILL = """
from django.db import transaction
from tenants.districts import moves
from tenants.districts.models import District
from tenants.provisioning import schemas
from tenants.provisioning.services import new_row
from tenants.transfer.services import SEEDS, import_district
for number in range(District.objects.count(), {count}):
    slug = f"voll-{{number}}"
    if number < 2 + {copies}:
        made = import_district(SEEDS / "leipziger-westen", slug=slug)
    else:
        with transaction.atomic():
            made = new_row(slug=slug, name="Voll", city="Leipzig")
            schemas.create(made)
    moves.publish_on_the_operators_word(made, actor="bench")
"""
LOOK = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SELECT pg_database_size(current_database()),"
                   " (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database())")
    size, connections = cursor.fetchone()
from tenants.districts.models import District
visited = District.objects.filter(slug__startswith="voll-").order_by("pk").values_list("slug", flat=True)
print("LOOK", size, connections, *visited)
"""


def fill(stack: RunningStack, count: int) -> RunningStack:
    """Make districts until there are so many; return the stack, started anew if it asks for that.

    It does where PostgreSQL had few districts when it started, and too little room now for the
    locks of a dump (wiq.database.lock_room).
    """
    stack.manage(FILL.format(count=count, copies=COPIES))
    if "TooFewLocks" in stack.get("/health/ready").text:
        stack.stop()
        stack = RunningStack(stack.state).start(900)
    eventually(stack.healthy, 60)
    return stack


def look(stack: RunningStack) -> tuple[int, int, list[str]]:
    """Return the database's bytes, its connections, and the short names of what ``fill`` made."""
    line = next(line for line in stack.manage(LOOK).splitlines() if line.startswith("LOOK"))
    _word, size, connections, *slugs = line.split()
    return int(size), int(connections) - 1, slugs


def ask(stack: RunningStack, slugs: list[str], pages: tuple[str, ...]) -> list[float]:
    """Ask pages of districts, none from memory; return the times in seconds."""
    times = []
    for slug in slugs:
        for path in pages:
            began = time.perf_counter()
            answer = stack.get(f"{path}?n={time.monotonic_ns()}", f"{slug}.localhost")
            assert answer.status == 200, (slug, path)
            times.append(time.perf_counter() - began)
    return times


def dump(stack: RunningStack, folder: Path) -> tuple[float, int]:
    """Return how many seconds the nightly dump takes, and its size in bytes."""
    parts = urlsplit(stack.announced()["DATABASE_URL"])
    target = folder / "wiq.dump"
    command = [str(packaged_binaries() / "bin" / "pg_dump"), "-h", unquote(parts.hostname or ""),
               "-U", str(parts.username), "--format=custom", f"--file={target}", "wiq"]  # fmt: skip
    seconds = timed(lambda: subprocess.run(command, check=True))
    size = target.stat().st_size
    target.unlink()
    return seconds, size


def timed(work: Callable[[], Any]) -> float:
    """Return the seconds that some work takes."""
    began = time.monotonic()
    work()
    return time.monotonic() - began


def at_rest(stack: RunningStack, folder: Path) -> dict[str, str]:
    """Return what a filled stack needs, by what it is."""
    # The same at every size, to be compared.
    copies = look(stack)[2][:COPIES]
    ask(stack, copies, PAGES)
    times = summary(ask(stack, copies, PAGES))
    ask(stack, look(stack)[2], PAGES[:1])
    size, connections, _slugs = look(stack)
    data = stack.state / "postgresql"
    held = memory(stack)
    seconds, dumped = dump(stack, folder)
    bare = timed(lambda: stack.manage("pass"))
    nothing = timed(lambda: stack.manage_command("migrate_districts"))
    return {
        "page made anew, median (p95)": f"{times['median_ms']} ms ({times['p95_ms']} ms)",
        "memory of the stack": f"{held['sum']} MB",
        "… of it PostgreSQL": f"{held['postgres']} MB",
        "… web, worker with beat": f"{held['wiq.web_alone']} + {held['celery_app']} MB",
        "database": f"{size / 1e6:.0f} MB",
        "files of the database": str(sum(1 for _one in data.rglob("*"))),
        "connections": str(connections),
        "nightly dump": f"{seconds:.1f} s, {dumped / 1e6:.0f} MB",
        "`migrate_districts` with nothing to do, beyond a bare command": f"{nothing - bare:.1f} s",
        "the night's work": f"{timed(lambda: stack.manage_command('tend_districts')):.1f} s",
    }  # fmt: skip


def started_again(stack: RunningStack) -> tuple[RunningStack, dict[str, str]]:
    """Stop, start, kill and start a stack; return the one that runs, and the times."""
    stopped = timed(stack.stop)
    again = RunningStack(stack.state).start(300)
    processes = again.processes()
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    again.kill()
    psutil.wait_procs(processes, 60)
    after_kill = RunningStack(stack.state).start(900)
    return after_kill, {
        "stop": f"{stopped:.1f} s",
        "start": f"{again.seconds_to_start:.1f} s",
        "start after `kill -9` of all": f"{after_kill.seconds_to_start:.1f} s",
    }
