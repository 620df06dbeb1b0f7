"""The command line of the fault machine; exit status 1 when a seed failed."""

import argparse
import queue
import sys
import threading
import time

from bench.faults.machine import Machine, Outcome
from bench.faults.schedule import schedule
from tests.stack.running import open_folder

# A supervisor gives up on a part that ends six times in a minute; a seed may end one twice.
SECONDS_BETWEEN_STARTS = 30


def numbers(text: str) -> list[int]:
    """Read ``17`` or ``1-200``."""
    first, _, last = text.partition("-")
    return list(range(int(first), int(last or first) + 1))


def work(seeds: "queue.Queue[int]", count: int, outcomes: list[Outcome]) -> None:
    """Run seeds on a stack of one's own until none is left or one has failed."""
    with open_folder("wiq-faults-") as folder:
        machine = Machine(folder)
        try:
            while True:
                seed = seeds.get_nowait()
                started = time.monotonic()
                outcome = machine.run(schedule(seed, count, with_clocks=machine.with_clocks))
                outcomes.append(outcome)
                print(outcome, flush=True)
                if outcome.wrong:
                    print(machine.stack.last_words(), flush=True)
                    return
                time.sleep(max(0.0, started + SECONDS_BETWEEN_STARTS - time.monotonic()))
        except queue.Empty:
            return
        finally:
            machine.close()


def work_on(seeds: "queue.Queue[int]", count: int, outcomes: list[Outcome]) -> None:
    """Go on with a fresh stack after a failure, which may have left the last one broken."""
    while not seeds.empty():
        work(seeds, count, outcomes)


def main() -> int:
    """Run the seeds and print the sum."""
    parser = argparse.ArgumentParser(prog="bench.faults")
    parser.add_argument("--seeds", type=numbers, default=numbers("1-200"))
    parser.add_argument("--requests", type=int, default=50, help="requests a seed (50)")
    parser.add_argument("--side-by-side", type=int, default=1, help="stacks at once (1)")
    options = parser.parse_args()
    seeds: queue.Queue[int] = queue.Queue()
    for seed in options.seeds:
        seeds.put(seed)
    outcomes: list[Outcome] = []
    threads = [
        threading.Thread(target=work_on, args=(seeds, options.requests, outcomes))
        for _ in range(min(options.side_by_side, len(options.seeds)))
    ]
    for thread in threads:
        thread.start()
        time.sleep(3)
    for thread in threads:
        thread.join()
    failed = [outcome.schedule.seed for outcome in outcomes if outcome.wrong]
    healed = sorted(outcome.seconds_to_heal for outcome in outcomes)
    print(
        f"{len(outcomes)} of {len(options.seeds)} seeds run, {len(failed)} failed {failed};"
        f" requests {sum(len(o.schedule.requests) for o in outcomes)},"
        f" accepted {sum(o.accepted for o in outcomes)}; mails {sum(o.mails for o in outcomes)}"
        f" = delivered {sum(o.delivered for o in outcomes)} + dead {sum(o.dead for o in outcomes)}"
        f" + pending {sum(o.pending for o in outcomes)};"
        f" doubles in flight at a kill {sum(o.doubles for o in outcomes)};"
        f" healed in {healed[len(healed) // 2] if healed else 0:.0f} s (median),"
        f" {healed[-1] if healed else 0:.0f} s (most)"
    )
    return 1 if failed or len(outcomes) < len(options.seeds) else 0


if __name__ == "__main__":
    sys.exit(main())
