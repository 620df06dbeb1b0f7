"""Restore one district from a backup, under its own name, while all others work."""

import sys
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError

from tenants.districts.models import District
from tenants.provisioning.models import Beside
from tenants.restoring import belongings, comparing, ordered, services
from tenants.restoring.scratch import BackupError


class Command(BaseCommand):
    """``restore_district SLUG --from BACKUP [--at TIME]``

    On a terminal it shows what would change and asks for the district's host before it does.
    """

    help = (
        "Restores a district from a backup of the whole database: a file of pg_dump -Fc, or the "
        "folder of a base backup. What it was until then is kept for a week (undo_restore)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--from", dest="path", type=Path, required=True, metavar="BACKUP")
        parser.add_argument("--at", default="", metavar="TIME", help="2026-11-29 14:30 (with WAL)")

    def handle(self, *args: Any, **options: Any) -> None:
        district = District.objects.filter(slug=options["slug"]).first()
        if district is None:
            raise CommandError(
                f"There is no district {options['slug']}. One that was removed comes back by "
                "extract_district (docs/howto/restore.md)."
            )
        try:
            ordered.give_way(district)
            beside = services.prepare(
                district, options["path"], at=options["at"], say=self.stderr.write
            )
            self._tell(district, beside)
            if sys.stdin.isatty() and not self._confirmed(district):
                services.drop(beside)
                self.stdout.write(f"{district.slug}: nothing was changed")
                return
            services.swap(district, beside, actor="command")
        except BackupError as error:
            raise CommandError(str(error)) from None
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from None
        except OperationalError as error:
            raise CommandError(f"Nothing was changed: {error}".strip()) from None
        self.stdout.write(
            f"{district.slug}: restored; for a week `undo_restore {district.slug}` leads back"
        )

    def _tell(self, district: District, beside: Beside) -> None:
        for line in comparing.sentences(beside.comparison):
            self.stdout.write(line)
        for word in belongings.changed(district, beside.details):
            self.stdout.write(f"{district.name}: {word}")
        for name in beside.details["missing"][: services.FILES_NAMED]:
            self.stdout.write(f"This file is gone: {name}")
        if count := len(beside.details["missing"]):
            self.stdout.write(f"{count} files are named that are not there any more")

    def _confirmed(self, district: District) -> bool:
        try:
            return input(f"Type {district.host} to restore: ").strip() == district.host
        except (EOFError, KeyboardInterrupt):
            return False
