"""What counting costs a page from memory: with and without numbers, side by side.

    .venv/bin/python -m bench.counting   (after `python3 run.py lint`)

Starts a stack of its own and, in a process beside it, asks the memory of pages in front of Django
for a page that it has, in turns with and without a counter. The web server's own time comes on top
in both cases, so the share of the counter is smaller for a visitor.
"""

import subprocess
import sys

from tests.stack.running import RunningStack, free_port, open_folder

MEASURE = """
import statistics, time
from django.test import RequestFactory
from wiq.metrics.counting import counts
from wiq.page_cache import version
from wiq.page_cache.cache import VERSION, PageCache

def page(environ, start_response):
    environ[VERSION] = version.current_or_new("public")
    start_response("200 OK", [("Content-Type", "text/html")])
    return [b"x" * 10_000]

def asked(memory):
    environ = RequestFactory().get("/").environ
    began = time.perf_counter()
    for turn in range(5_000):
        memory(environ, lambda status, headers: None)
    return (time.perf_counter() - began) / 5_000 * 1e6

plain, counting = PageCache(page), PageCache(page, counts.from_memory)
times = {"plain": [], "counted": []}
for turn in range(21):
    times["plain"].append(asked(plain))
    times["counted"].append(asked(counting))
for name, measured in times.items():
    print(f"{name}: median {statistics.median(measured):.1f} microseconds")
"""


def main() -> None:
    with open_folder("wiq-bench-") as folder:
        port = str(free_port())
        stack = RunningStack(folder / "state", "--no-demo", WIQ_METRICS_PORT=port).start()
        environment = stack.environment | {"WIQ_STATE": str(stack.state)}
        try:
            command = [sys.executable, "run.py", "manage", "shell", "--no-imports", "-c", MEASURE]
            subprocess.run(command, env=environment, check=True)
        finally:
            stack.stop()


if __name__ == "__main__":
    main()
