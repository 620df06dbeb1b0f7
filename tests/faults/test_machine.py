"""The fault machine: accepted = delivered + dead + pending, and pending = 0.

CI runs every fault once, in another order on each run; forty schedules run by hand. The seed that
a failure names is run again by ``python -m bench.faults``.
"""

import time
from collections.abc import Iterator

import pytest

from bench.faults.__main__ import SECONDS_BETWEEN_STARTS
from bench.faults.machine import Machine, Outcome
from bench.faults.mail_server import MODES
from bench.faults.schedule import BROKEN, CLOCKS, Schedule, every_kind, schedule
from tests.stack.running import open_folder

SEEDS = range(1, 41)
REQUESTS = 50


@pytest.fixture(scope="module")
def machine() -> Iterator[Machine]:
    with open_folder("wiq-faults-") as folder:
        made = Machine(folder)
        yield made
        made.close()


def holds(machine: Machine, plan: Schedule) -> None:
    outcome = machine.run(plan)
    assert not outcome.wrong, f"{outcome}\n{machine.stack.last_words()}"
    assert outcome.accepted > REQUESTS / 2
    assert outcome.mails == outcome.delivered + outcome.dead
    assert outcome.pending == 0


@pytest.mark.thorough
def test_every_fault_once_loses_nothing_and_doubles_nothing_but_what_was_in_flight(
    machine: Machine, seed: int
) -> None:
    holds(machine, every_kind(seed, REQUESTS, with_clocks=machine.with_clocks))


@pytest.mark.exhaustive
@pytest.mark.parametrize("number", SEEDS)
def test_no_schedule_loses_anything(machine: Machine, number: int) -> None:
    started = time.monotonic()
    holds(machine, schedule(number, REQUESTS, with_clocks=machine.with_clocks))
    time.sleep(max(0.0, started + SECONDS_BETWEEN_STARTS - time.monotonic()))


def test_the_same_seed_is_the_same_schedule_and_each_fault_comes_up(seed: int) -> None:
    for plan in (schedule, every_kind):
        assert plan(seed, REQUESTS, with_clocks=True) == plan(seed, REQUESTS, with_clocks=True)
    assert every_kind(1, 9, with_clocks=True) != every_kind(2, 9, with_clocks=True)
    whole = {*BROKEN, *CLOCKS, "five at once", *(f"smtp {mode}" for mode in MODES)}
    kinds = [fault.kind for fault in every_kind(seed, REQUESTS, with_clocks=True).faults]
    assert (set(kinds), len(kinds)) == (whole, len(whole))
    long = [schedule(number, REQUESTS, with_clocks=True) for number in SEEDS]
    assert {fault.kind for plan in long for fault in plan.faults} == whole


@pytest.mark.thorough
def test_the_sum_notices_a_lost_mail_and_a_double(machine: Machine) -> None:
    """The machine itself, tried on a mail that vanishes and on one that comes twice."""
    plan = schedule(999_999, 3, with_clocks=False)
    calm = type(plan)(plan.seed, plan.requests, [])
    assert not machine.run(calm).wrong
    taken = machine.mail.ledger.taken
    first, second = list(taken)[:2]
    kept = taken.pop(first)
    taken[second] *= 2
    outcome = machine.sum_up(Outcome(calm))
    assert len(outcome.wrong) == 2
    assert "no mail server took it" in str(outcome.wrong)
    assert "without a kill" in str(outcome.wrong)
    taken[first] = kept
