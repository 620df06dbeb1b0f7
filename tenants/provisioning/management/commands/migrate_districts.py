"""Bring every schema to this version."""

import time
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from tenants.districts.models import District, DistrictQuerySet
from tenants.provisioning import erasures, grants, migrating, standings
from wiq.erasures import checking

# Short runs need no word on how far they are.
SILENT_SECONDS, EVERY_SECONDS = 5.0, 5.0


class Progress:
    """Says from time to time how many of ``total`` are done, and how long the rest will take."""

    def __init__(self, total: int, say: Callable[[str], Any]) -> None:
        self._total, self._say = total, say
        self._done = 0
        self._began = time.monotonic()
        self._next = self._began + SILENT_SECONDS

    def count_one(self) -> None:
        """Count one as done."""
        self._done += 1
        now = time.monotonic()
        if now < self._next or self._done == self._total:
            return
        self._next = now + EVERY_SECONDS
        left = (now - self._began) / self._done * (self._total - self._done)
        self._say(f"{self._done} of {self._total}, about {left:.0f} s left")


class Command(BaseCommand):
    """``migrate_districts [--dry-run] [--platform] [--district SLUG] [--strict]``

    The public schema first, then the districts, each all or nothing, several at once.
    """

    help = (
        "Migrates the public schema and the schema of every district. The status is 0 where the "
        "public schema succeeded: a district that failed is closed until it is migrated."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what would run, only")
        parser.add_argument(
            "--platform",
            action="store_true",
            help="only what web needs to start: the public schema, and all after a restore",
        )
        parser.add_argument("--district", metavar="SLUG", help="only this district")
        parser.add_argument(
            "--strict", action="store_true", help="status 1 where a district failed"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        slug = options["district"]
        if options["dry_run"]:
            self._say_what_would_run(slug)
            return
        if slug:
            self._refuse_before_the_platform()
            wanted = District.objects.holding_data().filter(slug=slug)
        else:
            self._migrate_platform()
            if options["platform"] and not self._was_restored():
                return
            wanted = District.objects.holding_data()
        failed = self._migrate(wanted, say_all=options["verbosity"] > 1 or bool(slug))
        # A restored backup may just have been brought to this version.
        for name, count in erasures.repeat_named().items():
            self.stdout.write(f"{name}: {count} erasures since the backup was made, done again")
        if slug and not wanted:
            raise CommandError(f"There is no district {slug}.")
        if failed and options["strict"]:
            raise CommandError(f"Failed, and unchanged: {', '.join(failed)}.")

    def _migrate_platform(self) -> None:
        try:
            if migrating.migrate_platform():
                self.stdout.write("template: brought to this version")
        except grants.MissingRights as error:
            raise CommandError(str(error)) from None

    def _was_restored(self) -> bool:
        """Tell whether residents were erased whom a backup brought back: nobody may see them."""
        try:
            checking.check()
        except checking.Restored:
            return True
        except (OSError, DatabaseError):  # not to be known before the districts are migrated
            return District.objects.holding_data().exists()
        return False

    def _refuse_before_the_platform(self) -> None:
        if migrating.waiting_on_the_platform():
            raise CommandError(
                "The public schema is not of this version yet: run migrate_districts alone first."
            )

    def _migrate(self, wanted: DistrictQuerySet, *, say_all: bool) -> list[str]:
        """Migrate the districts; return the names of those that failed."""
        failed: list[str] = []
        progress = Progress(len(wanted), self.stdout.write)
        for outcome in migrating.migrate_all(wanted):
            district = outcome.district
            progress.count_one()
            if outcome.error:
                failed.append(district.slug)
                self.stderr.write(
                    f"{district.slug}: failed, stays as it was, and is closed until"
                    f" `migrate_districts --district {district.slug}` succeeds. {outcome.error}"
                )
            elif outcome.count or say_all:
                self.stdout.write(f"{district.slug}: {outcome.count} migrations")
        return failed

    def _say_what_would_run(self, slug: str | None) -> None:
        schemas = migrating.known_schemas()
        if slug and slug not in schemas:
            raise CommandError(f"There is no district {slug}.")
        if not slug:
            self._say("the platform", migrating.waiting_on_the_platform())
        wanted = {name: schema for name, schema in schemas.items() if slug in (None, name)}
        found = standings.read(wanted.values())
        # Planned once for all that stand alike.
        plans: dict[str, list[str]] = {}
        for name, schema in wanted.items():
            migrations = found[schema].migrations
            if migrations not in plans:
                plans[migrations] = migrating.waiting_in(schema)
            self._say(name, plans[migrations])

    def _say(self, where: str, names: list[str]) -> None:
        self.stdout.write(f"{where}: {', '.join(names) if names else 'nothing to do'}")
