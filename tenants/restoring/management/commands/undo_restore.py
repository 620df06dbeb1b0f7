"""Lead back to what a district was before it was restored."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenants.districts.models import District
from tenants.restoring import services


class Command(BaseCommand):
    """``undo_restore SLUG``"""

    help = "Takes back the last restore of a district, within a week; again, it restores again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")

    def handle(self, *args: Any, **options: Any) -> None:
        district = District.objects.filter(slug=options["slug"]).first()
        if district is None:
            raise CommandError(f"There is no district {options['slug']}.")
        beside = services.kept(district)
        if beside is None:
            raise CommandError(f"Nothing is kept of {district.slug}.")
        try:
            services.swap(district, beside, actor="command")
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from None
        self.stdout.write(f"{district.slug}: as it was before it was restored")
