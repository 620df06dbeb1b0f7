"""Remove a district, completely and at once."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenants.districts.models import District
from tenants.lifecycle import ending


class Command(BaseCommand):
    """``delete_district SLUG --confirm HOST``"""

    help = "Removes a district with schema, role, files, cached pages and waiting mails, at once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--confirm", required=True, metavar="HOST")

    def handle(self, *args: Any, **options: Any) -> None:
        district = District.objects.filter(slug=options["slug"]).first()
        if district is None:
            raise CommandError(f"There is no district {options['slug']}.")
        try:
            record = ending.remove_now(district, typed_host=options["confirm"], actor="command")
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from None
        self.stdout.write(f"{record.slug}: removed; the name rests until {record.reserved_until}")
