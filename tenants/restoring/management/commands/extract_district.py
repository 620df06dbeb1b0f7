"""Write the file of a district as a backup has it, also of one that was removed since."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenants.restoring.extracting import extract
from tenants.restoring.scratch import BackupError


class Command(BaseCommand):
    """``extract_district SLUG FILE.zip --from BACKUP [--at TIME]``"""

    help = "Writes a district of a backup into a file that import_district reads."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("file", type=Path)
        parser.add_argument("--from", dest="path", type=Path, required=True, metavar="BACKUP")
        parser.add_argument("--at", default="", metavar="TIME", help="2026-11-29 14:30 (with WAL)")

    def handle(self, *args: Any, **options: Any) -> None:
        target: Path = options["file"].absolute()
        try:
            extract(
                options["slug"], options["path"], target, at=options["at"], say=self.stderr.write
            )
        except BackupError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{options['slug']}: {target} ({target.stat().st_size} bytes)")
