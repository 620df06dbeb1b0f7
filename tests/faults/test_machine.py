"""The fault machine, a short run: accepted = delivered + dead + pending, and pending = 0.

The long run is ``python -m bench.faults``; the seed that a failure names is run again by it.
"""

from collections.abc import Iterator

import pytest

from bench.faults.machine import Machine, Outcome
from bench.faults.mail_server import MODES
from bench.faults.schedule import BROKEN, schedule
from tests.stack.running import open_folder

pytestmark = pytest.mark.thorough
# Between them every part is broken, every mail fault and both directions of the clock come up.
SEEDS = (3, 17, 27, 34)
REQUESTS = 50


@pytest.fixture(scope="module")
def machine() -> Iterator[Machine]:
    with open_folder("wiq-faults-") as folder:
        made = Machine(folder)
        yield made
        made.close()


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_lost_and_nothing_doubled_but_what_was_in_flight(
    machine: Machine, seed: int
) -> None:
    outcome = machine.run(schedule(seed, REQUESTS, with_clocks=machine.with_clocks))
    assert not outcome.wrong, f"{outcome}\n{machine.stack.last_words()}"
    assert outcome.accepted > REQUESTS / 2
    assert outcome.mails == outcome.delivered + outcome.dead
    assert outcome.pending == 0


def test_the_same_seed_is_the_same_schedule_and_the_short_run_meets_every_kind() -> None:
    plans = [schedule(seed, REQUESTS, with_clocks=True) for seed in SEEDS]
    assert plans == [schedule(seed, REQUESTS, with_clocks=True) for seed in SEEDS]
    kinds = {fault.kind for plan in plans for fault in plan.faults}
    assert {*BROKEN, "five at once", *(f"smtp {mode}" for mode in MODES)} <= kinds
    assert {fault.detail for plan in plans for fault in plan.faults} >= {-2, 2}


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
