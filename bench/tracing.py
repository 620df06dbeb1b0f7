"""What traces cost where they are wanted: two stacks side by side, one that sends them.

    .venv/bin/python -m bench.tracing [ANSWERS]   (after `python3 run.py lint`)

Both have the packages of a server (requirements/prod.txt). Each is asked in turns for a page that
is never in memory and makes about ten statements.
"""

import statistics
import sys
import time

from bench.main_job import memory
from tests.reporting.conftest import Served, installed_in, receiving
from tests.stack.running import open_folder
from wiq.traces.tracing import ENDPOINTS

WEST = "leipziger-westen.localhost"
PAGE = "/api/v1/solution-teams/?search=garten"


def asked(stack: Served) -> float:
    began = time.perf_counter()
    assert stack.get(PAGE, WEST).status == 200
    return time.perf_counter() - began


def main(answers: int) -> None:
    with open_folder("wiq-tracing-") as folder, receiving() as receiver:
        server = installed_in(folder)
        plain = Served(server, folder / "plain").start(300)
        traced = Served(server, folder / "traced", **{ENDPOINTS[0]: receiver.url}).start(300)
        try:
            times: dict[str, list[float]] = {"without": [], "with": []}
            for turn in range(answers + 20):
                for name, stack in (("without", plain), ("with", traced)):
                    seconds = asked(stack)
                    if turn >= 20:
                        times[name].append(seconds)
            for name, stack in (("without", plain), ("with", traced)):
                print(
                    f"{name}: median {statistics.median(times[name]) * 1000:.1f} ms", memory(stack)
                )
            sent = sum(len(body) for body in receiver.bodies("/v1/traces"))
            print(f"sent: {sent / (answers + 20):.0f} bytes an answer, tasks included")
        finally:
            plain.stop()
            traced.stop()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
