"""How long bringing many districts to a new version takes, and whether pages answer meanwhile.

    .venv/bin/python -m bench.migrating [DISTRICTS ...]   (after `python3 run.py lint`; 10 500 2000)

Starts a stack of its own and fills it with districts. At each number it measures, in this order:
nothing to do (beside a command that does nothing), one new column in every district, and Python
that changes one row in every district. The migrations stand in a folder outside the code. While the
districts are migrated, visitors ask pages of twenty of them, each page with an address of its own,
so that none comes from memory.
"""

import itertools
import json
import shutil
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.stack.running import RunningStack, open_folder

NUMBERS = (10, 500, 2000)
ASKED = 20
PAGES = ("/", "/menschen/", "/loesungsteams/", "/kontakt/")
FILL = """
from django.db import transaction
from tenants.districts import moves
from tenants.districts.models import District
from tenants.kit import services as kit
from tenants.provisioning import schemas
from tenants.provisioning.services import new_row
for number in range(District.objects.count(), {count}):
    with transaction.atomic():
        made = new_row(slug=f"viele-{{number}}", name="Viele", city="Leipzig")
        schemas.create(made)
        if number < {asked}:
            moves.publish_on_the_operators_word(made, actor="bench")
"""
COLUMN = """
from django.db import migrations, models

class Migration(migrations.Migration):
    dependencies = [{after}]
    operations = [migrations.AddField(
        "team", "bench_{number}", models.IntegerField(db_default=0))]
"""
PYTHON = """
from django.db import migrations

def change(apps, editor):
    Team = apps.get_model("people", "Team")
    Team.objects.get_or_create(slug="bench-{number}", defaults={{
        "name": "B", "kind": "core", "abbreviation": "B{number}"}})
    Team.objects.filter(slug="bench-{number}").update(name="Bench {number}")

class Migration(migrations.Migration):
    dependencies = [{after}]
    operations = [migrations.RunPython(change, migrations.RunPython.noop)]
"""
MIGRATE = """
import sys, time
from django.conf import settings
sys.path.insert(0, {folder!r})
settings.MIGRATION_MODULES = {{"people": "more_migrations"}}
from django.core.management import call_command
began = time.perf_counter()
call_command("migrate_districts", strict=True, verbosity=2)
print("SECONDS", time.perf_counter() - began)
"""


class Visitors:
    """Ask pages until told to stop; count what did not answer with 200."""

    def __init__(self, stack: RunningStack, count: int) -> None:
        self.asked, self.failed = 0, list[str]()
        self._stack, self._over = stack, threading.Event()
        self._hosts = [f"viele-{number}.localhost" for number in range(min(count, ASKED))]
        self._thread = threading.Thread(target=self._ask)

    def _ask(self) -> None:
        for host, path in itertools.cycle(itertools.product(self._hosts, PAGES)):
            if self._over.is_set():
                return
            answer = self._stack.get(f"{path}?n={time.monotonic_ns()}", host)
            self.asked += 1
            if answer.status != 200:
                self.failed.append(f"{host}{path} {answer.status}")

    def __enter__(self) -> "Visitors":
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._over.set()
        self._thread.join()


def copy_room(folder: Path) -> None:
    """Copy a room's migrations, so that others can stand after them."""
    shutil.copytree("directory/people/migrations", folder / "more_migrations")


def write(folder: Path, name: str, text: str, **words: Any) -> None:
    """Write a migration that stands after the newest of the copied room."""
    room = folder / "more_migrations"
    newest = max(path.stem for path in room.glob("0*.py"))
    after = f'("people", "{newest}")'
    (room / f"{name}.py").write_text(text.format(after=after, **words))


def migrate(stack: RunningStack, folder: Path, expected: int) -> float:
    """Return how long the command takes by itself, without the start of Python and Django.

    In so many districts a migration must have run.
    """
    code = MIGRATE.format(folder=str(folder))
    said = stack.manage_command("shell", "--no-imports", "-c", code)
    assert said.count(": 1 migrations") == expected, said[-2000:]
    return round(float(said.rsplit("SECONDS", 1)[1]), 2)


def measure(stack: RunningStack, count: int, folder: Path, turn: int) -> dict[str, Any]:
    """Fill the stack up to so many districts and measure."""
    stack.manage_command("shell", "--no-imports", "-c", FILL.format(count=count, asked=ASKED))
    found: dict[str, Any] = {"districts": count}
    found["nothing to do"] = migrate(stack, folder, 0)
    number = f"{turn:02d}"
    with Visitors(stack, count) as visitors:
        write(folder, f"09{number}_column", COLUMN, number=number)
        found["one column"] = migrate(stack, folder, count)
        write(folder, f"09{number}_python", PYTHON, number=number)
        found["Python, one row each"] = migrate(stack, folder, count)
        found["nothing to do, again"] = migrate(stack, folder, 0)
    return found | {"pages asked": visitors.asked, "failed": visitors.failed[:5]}


def measured(counts: list[int]) -> Iterator[dict[str, Any]]:
    """Yield what is measured at each number."""
    with open_folder("wiq-bench-") as folder:
        migrations = folder / "migrations"
        copy_room(migrations)
        stack = RunningStack(folder / "state", "--no-demo").start()
        try:
            for turn, count in enumerate(counts):
                yield measure(stack, count, migrations, turn)
        finally:
            stack.stop()


def main(counts: list[int]) -> None:
    for found in measured(counts):
        print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or list(NUMBERS))
