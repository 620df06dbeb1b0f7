"""What depends on the number of districts, measured and printed as one table.

    .venv/bin/python -m bench [DISTRICTS ...]   (after `python3 run.py lint`; 10 500 2000)

Starts two stacks of its own that grow. 2,000 districts take about half an hour and 10 GB where
temporary files lie; `TMPDIR` says where. The other measurements each have a command of their own
(docs/figures.md).
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from bench import migrating, onboarding, sizing
from tests.stack.running import RunningStack, open_folder

NUMBERS = (10, 500, 2000)
# WordPress Multisite on such a machine, measured in November 2026 (docs/figures.md).
WORDPRESS = {
    "page made anew, median (p95)": "20 ms, 51 a second",
    "order to first page, median (longest)": "350 to 380 ms, the command alone",
}


def grown(counts: list[int], folder: Path) -> Iterator[dict[str, str]]:
    """Yield what is measured at each number on a stack with pages and orders."""
    stack = RunningStack(folder / "state").start()
    try:
        for count in counts:
            stack = sizing.fill(stack, count)
            found = sizing.at_rest(stack, folder)
            orders = onboarding.one_by_one(stack, f"eins-{count}")
            many = onboarding.at_once(stack, f"viele-{count}")
            stack, times = sizing.started_again(stack)
            yield {
                **found,
                "order to first page, median (longest)":
                    f"{orders['median_ms']} ms ({orders['longest_ms']} ms)",
                "fifty approved at once, all there after":
                    f"{many['seconds until all are there']} s",
                "… p95 of public pages meanwhile, times the idle one":
                    str(many["ratio of the p95"]),
                **times,
            }  # fmt: skip
    finally:
        stack.stop()


def migrated(counts: list[int]) -> Iterator[dict[str, str]]:
    """Yield how long a new version takes at each number, and what pages do meanwhile."""
    for found in migrating.measured(counts):
        yield {
            "`migrate_districts`, one column in each": f"{found['one column']} s",
            "`migrate_districts`, Python, one row in each": f"{found['Python, one row each']} s",
            "pages asked meanwhile, failed": f"{found['pages asked']}, {len(found['failed'])}",
        }


def table(counts: list[int], columns: list[dict[str, str]]) -> str:
    """Return a Markdown table with a column for each number of districts."""
    heads = [f"{count:,} districts" for count in counts]
    lines = [["", *heads, "WordPress Multisite"], ["---"] * (len(counts) + 2)]
    for name in columns[0]:
        lines.append([name, *(column[name] for column in columns), WORDPRESS.get(name, "")])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main(counts: list[int]) -> None:
    """Measure at each number and print the table."""
    with open_folder("wiq-bench-") as folder:
        columns = []
        for column in grown(counts, folder):
            # What was measured is not lost with what fails later.
            print(json.dumps(column, ensure_ascii=False), file=sys.stderr, flush=True)
            columns.append(column)
    for column, more in zip(columns, migrated(counts), strict=True):
        column |= more
    print(table(counts, columns))


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or list(NUMBERS))
