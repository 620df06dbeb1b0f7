"""Whether visitors of a new web server notice that their districts are still being migrated.

    .venv/bin/python -m bench.early_web [DISTRICTS] [REQUESTS]   (200 2000)

A database of an older version (bench.rolling) with so many districts. This version brings what all
share to its version (`migrate_districts --platform`), then its web server starts, alone, and only
then the districts follow, while visitors ask for pages of twenty of them, made anew each time.
"""

import json
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

from bench.migrating import ASKED, FILL, PAGES
from bench.rolling import older_version
from tests.deploy.machines import Machines, machines
from tests.stack.running import ROOT

DISTRICTS, REQUESTS, THREADS = 200, 2000, 8


class Visitors:
    """Ask for pages until there were enough."""

    def __init__(self, made: Machines, districts: int, requests: int) -> None:
        self.port, self.left = made.ports["web-1"], iter(range(requests))
        self.hosts = [f"viele-{n}.localhost" for n in range(2, min(districts, ASKED + 2))]
        self.seconds: list[float] = []
        self.failed: list[str] = []
        self.lock = threading.Lock()

    def ask_on(self) -> None:
        while True:
            with self.lock:
                turn = next(self.left, None)
            if turn is None:
                return
            host = self.hosts[turn % len(self.hosts)]
            path = f"{PAGES[turn % len(PAGES)]}?n={turn}"
            asked = urllib.request.Request(
                f"http://127.0.0.1:{self.port}{path}", headers={"Host": host}
            )
            began = time.monotonic()
            try:
                with urllib.request.urlopen(asked, timeout=90) as answer:
                    answer.read()
            except (urllib.error.HTTPError, OSError) as error:
                self.failed.append(f"{host}{path} {error}")
            self.seconds.append(time.monotonic() - began)


def main(districts: int, requests: int) -> None:
    """Measure once and print the line."""
    with machines() as made, older_version(made.folder) as older:
        made.manage(older, "prepare_stack", "--demo")
        fill = FILL.format(count=districts, asked=ASKED + 2)
        made.manage(older, "shell", "--no-imports", "-c", fill)
        made.manage(ROOT, "migrate_districts", "--platform")
        made.start("web-1")
        asking = Visitors(made, districts, requests)
        threads = [threading.Thread(target=asking.ask_on) for _number in range(THREADS)]
        for each in threads:
            each.start()
        time.sleep(1)
        began = time.monotonic()
        command = [sys.executable, "manage.py", "migrate_districts", "--strict"]
        subprocess.run(command, cwd=ROOT, env=made.environment(ROOT, owner=True), check=True,
                       stdout=subprocess.DEVNULL)  # fmt: skip
        took = time.monotonic() - began
        for each in threads:
            each.join()
        waited = [each for each in asking.seconds if each > 1]
        print(json.dumps({
            "districts": districts, "migrating": round(took, 1), "asked": len(asking.seconds),
            "failures": len(asking.failed), "failed": asking.failed[:3],
            "waited over 1 s": len(waited), "longest": round(max(asking.seconds), 1),
        }))  # fmt: skip


if __name__ == "__main__":
    words = [int(word) for word in sys.argv[1:]]
    main(*(words + [DISTRICTS, REQUESTS][len(words) :]))
