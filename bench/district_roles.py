"""What a role for every district costs: one statement a request, with and without the role.

    .venv/bin/python -m bench.district_roles   (after `python3 run.py lint`, which installs)

Side by side on one connection of a server of its own: set the search path alone, as django-tenants
does, or path and role together; then a read of the district. The third row sets both by two
statements, which is what this avoids.
"""

import statistics
import time
from collections.abc import Callable

import psycopg

from tests.stack.running import RunningStack, open_folder

ROUNDS = 4000
READ = "SELECT id, name FROM people_person ORDER BY id LIMIT 5"


def measured(connection: "psycopg.Connection[tuple[object, ...]]", *before: str) -> float:
    """Return the milliseconds of one round: what comes before, then the read."""
    start = time.perf_counter()
    for statement in before:
        connection.execute(statement)
    connection.execute(READ).fetchall()
    return (time.perf_counter() - start) * 1000


def main() -> None:
    with open_folder("wiq-bench-") as folder:
        stack = RunningStack(folder / "state").start()
        try:
            url = stack.announced()["DATABASE_URL"].replace("postgres://", "postgresql://")
            with psycopg.connect(url, autocommit=True) as connection:
                compare(connection)
        finally:
            stack.stop()


def compare(connection: "psycopg.Connection[tuple[object, ...]]") -> None:
    """Measure the three ways in turns, so that all see the same machine."""
    row = connection.execute("SELECT schema_name FROM districts_district LIMIT 1").fetchone()
    assert row
    name = row[0]
    path, role = f'"{name}",public', name
    ways: dict[str, Callable[[], float]] = {
        "path alone": lambda: measured(connection, f"SET search_path = {path}"),
        "path and role, one statement": lambda: measured(
            connection,
            f"SELECT set_config('search_path', '{path}', false), set_config('role', '{role}', false)",
        ),
        "path and role, two statements": lambda: measured(
            connection, f"SET search_path = {path}", f'SET ROLE "{role}"'
        ),
    }
    times: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(ROUNDS):
        for way, run in ways.items():
            connection.execute("RESET ROLE")
            times[way].append(run())
    alone = statistics.median(times["path alone"])
    for way, values in times.items():
        median = statistics.median(values)
        print(f"{way}: median {median:.3f} ms, {median / alone:.2f} of path alone")


if __name__ == "__main__":
    main()
