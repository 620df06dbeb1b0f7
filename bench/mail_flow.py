"""How fast a backlog of mails leaves, beside smtplib in a loop over one open connection.

    .venv/bin/python -m bench.mail_flow [MAILS]   (after `python3 run.py test --collect-only -q`)

Writes mails while the mail server is away, brings it back, and reads when it took the first and the
last. Then a plain loop hands the same mail to the same server as often, in the same run.
"""

import json
import smtplib
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from bench.main_job import memory
from tests.stack.running import RunningStack, eventually, free_port, open_folder

WRITE = """
from django.db import transaction
from django_tenants.utils import tenant_context
from directory.people.models import Team
from tenants.districts.models import District
from wiq.mail.writing import write_letter
with tenant_context(District.objects.get(slug="leipziger-westen")):
    team = Team.objects.first()
    for number in range({count}):
        with transaction.atomic():
            write_letter(
                kind="bench", to=f"r{{number}}@d{{number % 20}}.bench.example", about=team,
                subject="Neues aus dem Quartier", button="Zur Seite", url="http://localhost/",
                paragraphs=["Das hat sich bei uns getan."] * 6,
            )
"""


class Server:
    """The sink in its process."""

    def __init__(self, folder: Path) -> None:
        self.log = folder / "taken"
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "bench.mail_sink", str(self.port), str(self.log)]
        self.process = subprocess.Popen(command)

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def moments(self) -> list[float]:
        try:
            return sorted(float(line) for line in self.log.read_text().split("\n")[:-1])
        except OSError:
            return []


def loop(server: Server, count: int) -> float:
    """Hand the mail over again and again; return the mails a second."""
    content = server.log.with_suffix(".eml").read_bytes()
    with smtplib.SMTP("127.0.0.1", server.port) as line:
        began = time.perf_counter()
        for number in range(count):
            line.sendmail("post@wiq.example", f"r{number}@bench.example", content)
        return count / (time.perf_counter() - began)


def measure(count: int) -> dict[str, Any]:
    """Return what was measured."""
    with open_folder("wiq-bench-") as folder:
        server = Server(folder)
        stack = RunningStack(folder / "state", EMAIL_URL=f"smtp://127.0.0.1:{server.port}").start()
        try:
            words = [sys.executable, "run.py", "manage", "shell", "--no-imports", "-c"]
            environment = stack.environment | {"WIQ_STATE": str(stack.state)}
            subprocess.run([*words, WRITE.format(count=count)], env=environment, check=True)
            time.sleep(15)
            server.start()
            returned = time.monotonic()
            eventually(lambda: len(server.moments()) >= count, 120, "all mails are taken")
            taken = server.moments()
            load = memory(stack)
            plain = loop(server, count)
        finally:
            stack.stop()
            server.stop()
    rate = count / (taken[-1] - taken[0])
    return {
        "mails": count,
        "taken": len(taken),
        "first after the server's return, s": round(taken[0] - returned, 2),
        "all after the server's return, s": round(taken[-1] - returned, 2),
        "mails a second": round(rate),
        "smtplib in a loop, mails a second": round(plain),
        "ratio": round(rate / plain, 2),
        "memory, MB": load,
    }


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 960), indent=2))
