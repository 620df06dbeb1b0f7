"""From approval to the first page on the new subdomain, and what fifty at once do to visitors.

    .venv/bin/python -m bench.onboarding [DISTRICTS ...]   (after `python3 run.py lint`)

Starts a stack of its own. For each number: so many districts are there, then applications are
approved one after the other over the API, each timed until the new host answers its sign-in page.
Then fifty are approved at once while a visitor reads pages of Leipziger Westen; the same visitor
before that is the idle value.
"""

import json
import sys
import threading
import time
from typing import Any

from bench.main_job import processor, summary
from tests.stack.running import RunningStack, eventually, open_folder

ONE_BY_ONE, AT_ONCE = 20, 50
WEST = "leipziger-westen.localhost"
PAGES = ("/", "/menschen/", "/loesungsteams/", "/kontakt/", "/neuigkeiten/", "/idee/")
FILL = """
from django.db import transaction
from tenants.districts.models import District
from tenants.provisioning import schemas
from tenants.provisioning.services import new_row
for number in range(District.objects.count(), {count}):
    with transaction.atomic():
        schemas.create(new_row(slug=f"voll-{{number}}", name="Voll", city="Leipzig"))
"""
APPLY = """
import json
from tenants.applications import services
from tenants.applications.forms import ApplicationForm
from wiq.accounts import services as accounts
from wiq.accounts.models import User
from wiq.submissions.models import Origin
from wiq.submissions.services import Sent
made = []
for number in range({count}):
    form = ApplicationForm(dict(district_name="Neu", slug=f"{prefix}-{{number}}", city="Leipzig",
        contact_name="Kim", email=f"kim@{prefix}-{{number}}.example",
        motivation="Bei uns wollen viele etwas bewegen.", privacy_acknowledged=True))
    assert form.is_valid(), form.errors
    application = services.confirm(services.accept(form.values(), sent=Sent(Origin.API)))
    made.append([application.pk, application.slug])
token = accounts.create_token(User.objects.get(email="projektteam@wiq.example"))
print("MADE " + json.dumps([token, made]))
"""


def applications(stack: RunningStack, count: int, prefix: str) -> tuple[str, list[Any]]:
    """Add confirmed applications; return the project team's token and each number and slug."""
    said = stack.manage(APPLY.format(count=count, prefix=prefix))
    line = next(line for line in said.splitlines() if line.startswith("MADE "))
    token, made = json.loads(line.removeprefix("MADE "))
    return token, made


def approve(stack: RunningStack, token: str, number: int) -> dict[str, Any]:
    answer = stack.get(
        f"/api/v1/applications/{number}/approve/", data={}, Authorization=f"Bearer {token}"
    )
    assert answer.status == 200, answer.text
    return json.loads(answer.text)


def one_by_one(stack: RunningStack, prefix: str) -> dict[str, float]:
    """Return how long it takes from an approval to the first page."""
    token, made = applications(stack, ONE_BY_ONE, prefix)
    times = []
    for number, slug in made:
        began = time.perf_counter()
        approve(stack, token, number)
        while stack.get("/anmelden/", f"{slug}.localhost").status != 200:
            time.sleep(0.005)
        times.append(time.perf_counter() - began)
    return summary(times[2:]) | {"longest_ms": round(max(times[2:]) * 1000, 1)}


class Visitor:
    """Reads one page after the other, fifty a second, until told to stop."""

    def __init__(self, stack: RunningStack) -> None:
        self.stack, self.times, self.stopped = stack, [], False
        self.thread = threading.Thread(target=self._read, daemon=True)

    def _read(self) -> None:
        turn = 0
        while not self.stopped:
            began = time.perf_counter()
            assert self.stack.get(PAGES[turn % len(PAGES)], WEST).status == 200
            self.times.append(time.perf_counter() - began)
            turn += 1
            time.sleep(max(0.0, 0.02 - (time.perf_counter() - began)))

    def __enter__(self) -> "Visitor":
        self.thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.stopped = True
        self.thread.join(5)


def at_once(stack: RunningStack, prefix: str) -> dict[str, Any]:
    """Approve many at once; return what a visitor noticed, and when all were there."""
    token, made = applications(stack, AT_ONCE, prefix)
    with Visitor(stack) as idle:
        time.sleep(10)
    with Visitor(stack) as busy:
        used = processor(stack)
        began = time.perf_counter()
        orders = [approve(stack, token, number)["status_url"] for number, _slug in made]
        approved = time.perf_counter() - began
        for url in orders:
            path = "/" + url.split("/", 3)[3]
            eventually(lambda path=path: json.loads(stack.get(path).text)["state"] == "done", 120)
        seconds = time.perf_counter() - began
        spent = processor(stack)
    done = [json.loads(stack.get("/" + url.split("/", 3)[3]).text) for url in orders]
    assert all(step["state"] == "done" for order in done for step in order["steps"])
    before, during = summary(idle.times), summary(busy.times)
    return {
        "complete districts": len(done), "seconds to approve": round(approved, 1),
        "seconds until all are there": round(seconds, 1),
        "seconds of processor": {name: round(spent[name] - used[name], 1) for name in used},
        "visitor, idle": before, "visitor, meanwhile": during,
        "ratio of the p95": round(during["p95_ms"] / before["p95_ms"], 2),
    }  # fmt: skip


def main(counts: list[int]) -> None:
    found: dict[str, Any] = {}
    with open_folder("wiq-bench-") as folder:
        stack = RunningStack(folder / "state").start()
        try:
            for count in counts:
                stack.manage(FILL.format(count=count))
                found[f"approval to first page, {count} districts"] = one_by_one(
                    stack, f"eins-{count}"
                )
            found["fifty at once"] = at_once(stack, "viele")
        finally:
            stack.stop()
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or [10, 1000])
