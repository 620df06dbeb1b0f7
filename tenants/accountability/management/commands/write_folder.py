"""Write a folder for the data protection officer into one PDF."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from tenants.accountability import folder as folders
from tenants.accountability import pdf
from tenants.districts.commands import HostCommand


class Command(HostCommand):
    """``write_folder (--district SLUG | --platform) FILE.pdf``"""

    help = "Writes all documents of a folder into one tagged PDF."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        if not pdf.is_there():
            raise CommandError("typst is not installed (requirements/prod.txt, embedded.txt).")
        with self.host(options) as district:
            found = folders.of_district(district) if district else folders.of_platform()
            made = pdf.of_folder(found)
        try:
            options["file"].write_bytes(made)
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}") from None
