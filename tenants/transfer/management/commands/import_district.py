"""Import a district from a folder."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenants.provisioning import services as provisioning
from tenants.transfer.folder import FolderError
from tenants.transfer.services import import_district


class Command(BaseCommand):
    """``import_district FOLDER [--slug NEW] [--publish]``"""

    help = "Creates the district that a folder describes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--slug", default="")
        parser.add_argument("--publish", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            district = import_district(options["folder"], slug=options["slug"])
        except FolderError as error:
            raise CommandError(str(error)) from None
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from None
        if options["publish"]:
            provisioning.publish(district, actor="command")
        self.stdout.write(f"{district.slug}: {district.state}, {district.url}")
