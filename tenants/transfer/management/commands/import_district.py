"""Import a district from a file or folder."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenants.districts import moves
from tenants.districts.models import District, Domain
from tenants.restoring import comparing
from tenants.restoring.scratch import BackupError
from tenants.transfer.file_format import FileError
from tenants.transfer.replacing import replace
from tenants.transfer.rows import Say
from tenants.transfer.services import import_district


class Command(BaseCommand):
    """``import_district FILE.zip-or-folder [--slug NEW] [--publish] [--dry-run]``

    ``--replace HOST`` instead of them: into the district that stands at this host.
    """

    help = "Creates the district that a file or folder holds; the same file twice is one district."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--slug", default="")
        parser.add_argument("--publish", action="store_true")
        parser.add_argument(
            "--replace",
            metavar="HOST",
            default="",
            help="take the place of the district at this host, which is kept for a week",
        )
        parser.add_argument("--dry-run", action="store_true", help="look whether it would go well")

    def handle(self, *args: Any, **options: Any) -> None:
        say = self.stderr.write if options["verbosity"] > 1 else lambda line: None
        if options["replace"]:
            self._replace(options["file"], options["replace"], say)
            return
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

    def _replace(self, path: Path, host: str, say: Say) -> None:
        """Let a file take the place of a district that stands."""
        domain = Domain.objects.filter(domain=host).select_related("tenant").first()
        if domain is None:
            raise CommandError(f"There is no district at {host}.")
        district: District = domain.tenant
        try:
            beside = replace(district, path, typed_host=host, actor="command", say=say)
        except (FileError, BackupError) as error:
            raise CommandError(str(error)) from None
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from None
        for line in comparing.sentences(beside.comparison):
            self.stdout.write(line)
        self.stdout.write(
            f"{district.slug}: replaced; for a week `undo_restore {district.slug}` leads back"
        )
