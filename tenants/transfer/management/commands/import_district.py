"""Import a district from a file or folder."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenants.districts import moves
from tenants.transfer.file_format import FileError
from tenants.transfer.services import import_district


class Command(BaseCommand):
    """``import_district FILE.zip-or-folder [--slug NEW] [--publish] [--dry-run]``"""

    help = "Creates the district that a file or folder holds; the same file twice is one district."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--slug", default="")
        parser.add_argument("--publish", action="store_true")
        parser.add_argument("--dry-run", action="store_true", help="look whether it would go well")

    def handle(self, *args: Any, **options: Any) -> None:
        say = self.stderr.write if options["verbosity"] > 1 else lambda line: None
        try:
            district = import_district(
                options["file"], slug=options["slug"], dry_run=options["dry_run"], say=say
            )
        except FileError as error:
            raise CommandError(str(error)) from None
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from None
        if options["dry_run"]:
            self.stdout.write(f"{district.slug}: can be imported; nothing was kept")
            return
        if options["publish"]:
            moves.publish_on_the_operators_word(district, actor="command")
        self.stdout.write(f"{district.slug}: {district.state}, {district.url}")
