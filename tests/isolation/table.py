"""The table of the whole walk: routes, methods, roles and requests, as docs/isolation.md shows it."""

import os
from collections import defaultdict
from pathlib import Path

from tests.isolation import routes
from tests.isolation.plan import ROLES, Call

PAGE = Path(__file__).resolve().parents[2] / "docs" / "isolation.md"
INTRODUCTION = """# The isolation walk

Made by `WIQ_WRITE_DOCS=1 python3 run.py test -m thorough tests/isolation/test_walk.py`; the same call without the variable fails where this page is not what the walk would ask for. The whole of it is sent by `python3 run.py test -m exhaustive tests/isolation`; CI sends another sample on each run: every route with each role and with each method, the pair of districts and the rest drawn by a seed that is printed.

Three districts hold a canary in every text field and every file. Every route of both kinds of host, taken from the URLconfs, is asked with every method by seven roles over the ordered pairs of the districts: with one's own things, and with names, numbers, tokens and signed links of the others. After each request the walk looks for canaries that this role may not see here, for rows written elsewhere, for answers to somebody who was not to be let in, for a connection left in a district, and for headers and cookies as production has them. A route that nobody has classified (`tests/isolation/routes.py`) fails the test; so do tasks and commands (`tests/isolation/test_tasks_and_commands.py`). That the walk would notice is shown by ten planted leaks (`tests/isolation/test_sabotage.py`).
"""


def table(calls: list[Call]) -> str:
    """Return the page for the whole plan of the walk."""
    requests: dict[tuple[str, str], int] = defaultdict(int)
    methods: dict[tuple[str, str], set[str]] = defaultdict(set)
    roles: dict[tuple[str, str], set[str]] = defaultdict(set)
    for call in calls:
        key = call.kind, call.route.path
        requests[key] += 1
        methods[key].add(call.method)
        roles[key].add(call.role)
    lines = [
        INTRODUCTION,
        f"{len(requests)} routes, {len(calls):,} requests. Roles: {', '.join(ROLES)}.\n",
    ]
    for host, urlconf in (("district", routes.DISTRICT), ("platform", routes.PLATFORM)):
        lines += [
            f"## Host of {'a district' if host == 'district' else 'the platform'}",
            "| route | reads | writes | methods | roles | requests |",
            "| --- | --- | --- | --- | --- | --- |",
        ]
        for route in routes.routes(urlconf):
            key = (host, route.path)
            lines.append(
                f"| `/{route.path}` | {route.rule.reads} | {route.rule.writes} "
                f"| {len(methods[key])} | {len(roles[key])} | {requests[key]} |"
            )
        lines.append("")
    return "\n".join(lines)


def compare(calls: list[Call]) -> None:
    """Write the page where that is asked for, else fail where it says something else."""
    made = table(calls)
    if os.environ.get("WIQ_WRITE_DOCS"):
        PAGE.write_text(made, encoding="utf-8")
    assert PAGE.exists() and PAGE.read_text(encoding="utf-8") == made, (
        "docs/isolation.md is not what the walk asks for: WIQ_WRITE_DOCS=1 writes it anew"
    )
