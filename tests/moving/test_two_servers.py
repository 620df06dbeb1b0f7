"""A district moves between two installations, each with servers and a secret of its own."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.accounts.test_factors import SEED, code
from tests.cast import body
from tests.moving.stacks import (
    HELD,
    LEFT_BEHIND,
    MAKE,
    SECOND_STEP,
    SIGNED_IN,
    agree,
    ask,
    last_line,
    move,
    serving,
    url,
    visited,
)
from tests.stack.prepared import prepared
from tests.stack.running import ROOT, RunningStack, eventually, open_folder

Cells = list[RunningStack]
SLUG = "viertel-00"
EMPTY = [[], 0, {}, []]
# A process that dies as soon as one step is done.
DIES = """
import os
from django.core.management import call_command
from tenants.moving import leaving
real = getattr(leaving.Leaving, {step!r})
def then_die(self, *words):
    real(self, *words)
    os.kill(os.getpid(), 9)
setattr(leaving.Leaving, {step!r}, then_die)
call_command("move_district", {slug!r}, "--to", {to!r})
"""
STEPS = ["offer", "copy_files", "rest", "hold", "send_rows", "ask_to_serve", "let_serve", "leave"]


@pytest.fixture(scope="module")
def cells() -> Iterator[Cells]:
    with open_folder("two servers ") as folder:
        both = [
            RunningStack(prepared(folder / "old")),
            RunningStack(folder / "new", "--no-demo"),
        ]
        for one in both:
            one.start(180)
        both[0].manage(MAKE.format(first=0, count=1 + len(STEPS) + 2))
        yield both
        for one in both:
            one.stop()


def requests_in(stack: RunningStack, slug: str) -> tuple[list[str], int]:
    found, mails = last_line(stack.manage(HELD.format(slug=slug)))
    return found, mails


@pytest.mark.thorough
def test_what_opened_something_there_opens_it_here_and_back_again(
    cells: Cells, record_property: Any
) -> None:
    old, new = cells
    sent = old.get("/api/v1/contact-requests/", f"{SLUG}.localhost", body())
    assert sent.status == 201
    status = sent.json()["status_url"].partition(str(old.port))[2]
    cookie, token = last_line(old.manage(SIGNED_IN.format(slug=SLUG, seed=SEED)))
    for source, target in ((old, new), (new, old)):
        before = requests_in(source, SLUG)
        with visited(cells, source, [SLUG]) as seen:
            move(source, target, SLUG)
        assert (len(seen.read) > 5, set(seen.read), set(seen.posted.values())) == (
            True, {200}, {201},
        )  # fmt: skip
        found, mails = requests_in(target, SLUG)
        assert sorted(found) == sorted([*before[0], *seen.posted])
        assert mails == before[1] + 2 * len(seen.posted)
        for one in cells:
            assert ask(cells, one, SLUG, status).status == 200
        assert target.get("/koordination/", f"{SLUG}.localhost", Cookie=cookie).status == 200
        bearer = {"Authorization": f"Bearer {token}"}
        listed = target.get("/api/v1/contact-requests/", f"{SLUG}.localhost", **bearer)
        assert listed.json()["count"] == len(found)
        assert last_line(target.manage(SECOND_STEP.format(slug=SLUG, code=code()))) is True
        assert last_line(source.manage(LEFT_BEHIND)) == EMPTY
        assert serving(cells, SLUG) == [target]


def take_a_step_and_die(source: RunningStack, target: RunningStack, slug: str, step: str) -> None:
    code = DIES.format(step=step, slug=slug, to=url(target))
    command = [sys.executable, "run.py", "manage", "shell", "--no-imports", "-c", code]
    environment = source.environment | {"WIQ_STATE": str(source.state)}
    died = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert died.returncode == -signal.SIGKILL, died.stderr


@pytest.mark.thorough
@pytest.mark.parametrize("step", STEPS)
def test_killed_after_any_step_and_started_again_one_side_serves(cells: Cells, step: str) -> None:
    old, new = cells
    slug = f"viertel-{STEPS.index(step) + 1:02}"
    agree(old, new, slug)
    take_a_step_and_die(old, new, slug, step)
    old.manage_command("move_district", slug, "--to", url(new))
    assert serving(cells, slug) == [new]
    assert last_line(old.manage(LEFT_BEHIND)) == EMPTY
    assert last_line(new.manage(LEFT_BEHIND)) == EMPTY


@pytest.mark.thorough
@pytest.mark.parametrize(("step", "who"), [("hold", 0), ("let_serve", 1)])
def test_killed_and_left_alone_the_worker_finds_out_who_serves(
    cells: Cells, step: str, who: int
) -> None:
    old, new = cells
    slug = f"viertel-{len(STEPS) + 1 + who:02}"
    agree(old, new, slug)
    take_a_step_and_die(old, new, slug, step)
    eventually(lambda: serving(cells, slug) == [cells[who]], 40, "exactly one side serves")
