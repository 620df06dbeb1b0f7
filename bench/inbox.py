"""The desk with 20 and with 20,000 requests: how long its pages take, side by side.

    python3 run.py test --collect-only -q   (once: installs what this needs)
    .venv/bin/python -m bench.inbox

Starts a stack of its own; writes the rows past the services, as after years.
"""

import json
import os
import time
from contextlib import suppress
from typing import Any

import psutil

from bench.main_job import summary
from tests.stack.running import RunningStack, open_folder

HOST = "leipziger-westen.localhost"
SIZES = (20, 20_000)
# Answers that are not counted: the first ones fill what is kept.
WARM = 3
INBOX = "/koordination/posteingang/"
PAGES = {
    "today": "/koordination/",
    "inbox, ours": INBOX,
    "inbox, mine": f"{INBOX}?sicht=meine",
    "inbox, nobody's": f"{INBOX}?sicht=niemand",
    "inbox, theirs": f"{INBOX}?sicht=wartet",
    "inbox, suspicious": f"{INBOX}?sicht=verdaechtig",
    "inbox, ideas": f"{INBOX}?art=idea",
    "done, page 200": f"{INBOX}?sicht=erledigt&seite=200",
    "search, finds most": f"{INBOX}?q=bank",
    "search, finds few": f"{INBOX}?q=selten",
    "search, a number": f"{INBOX}?q=0341%20123456",
    "letter": f"{INBOX}{{reference}}/",
    "held mails": f"{INBOX}wartet/",
    "figures": "/koordination/zahlen/",
    "help": "/koordination/hilfe/",
}
FILL = """
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.conf import settings
from django.db import connection
from django_tenants.utils import tenant_context
from directory.conversations.models import Conversation
from tenants.districts.models import District
from tests.desk.test_inbox import many
from wiq.accounts.models import User
from wiq.accounts.sessions import SessionStore
with tenant_context(District.objects.get(slug="leipziger-westen")):
    many(%d)
    user = User.objects.filter(role="coordinator").first()
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    reference = Conversation.objects.filter(turn="ours").latest("pk").reference
with connection.cursor() as cursor:
    cursor.execute("VACUUM ANALYZE")
print(session.session_key, reference)
"""


def latencies(stack: RunningStack, session: str, reference: str, count: int) -> dict[str, Any]:
    """Return of each page the times, and what an answer costs web and database of the processor."""
    found: dict[str, Any] = {}
    for name, path in PAGES.items():
        times = []
        for number in range(count):
            if number == WARM:
                before = used(stack)
            began = time.perf_counter()
            answer = stack.get(path.format(reference=reference), HOST, Cookie=f"session={session}")
            times.append(time.perf_counter() - began)
            assert answer.status == 200, (name, answer.status)
        spent = [now - then for now, then in zip(used(stack), before, strict=True)]
        parts = {
            part: round(seconds * 1000 / (count - WARM), 1)
            for part, seconds in zip(("web_cpu_ms", "database_cpu_ms"), spent, strict=True)
        }
        found[name] = summary(times[WARM:]) | parts
    return found


def used(stack: RunningStack) -> tuple[float, float]:
    """Return the seconds of processor that the web server and the database have used."""
    web = database = 0.0
    for process in stack.processes():
        with suppress(psutil.Error):
            words, spent = " ".join(process.cmdline()), sum(process.cpu_times()[:2])
            if "postgres" in process.name():
                database += spent
            elif not any(other in words for other in ("celery", "beat", "valkey")):
                web += spent
    return web, database


def main() -> None:
    """Measure both sizes on the same stack, and print them with the load of the machine."""
    found: dict[str, Any] = {}
    with open_folder("wiq-inbox-") as folder:
        stack = RunningStack(folder / "state").start()
        try:
            for size in SIZES:
                session, reference = stack.manage(FILL % size).splitlines()[-1].split()
                before = os.getloadavg()[0]
                found[str(size)] = latencies(stack, session, reference, 40 + WARM)
                found[f"load at {size}"] = [before, os.getloadavg()[0]]
        finally:
            stack.stop()
    print(json.dumps(found))


if __name__ == "__main__":
    main()
