"""Create a district on the command line."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenants.districts import moves
from tenants.kit import services as kit
from tenants.provisioning import services


class Command(BaseCommand):
    """``create_district SLUG --name … --city … [--coordinator EMAIL] [--publish]``"""

    help = "Creates a district with its subdomain and schema."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--name", required=True)
        parser.add_argument("--city", required=True)
        parser.add_argument("--coordinator", default="", metavar="EMAIL")
        parser.add_argument("--publish", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            district = services.create_district(
                slug=options["slug"],
                name=options["name"],
                city=options["city"],
                coordinator=options["coordinator"],
                actor="command",
            )
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from None
        # The same beginning as a district that somebody applied for.
        kit.apply_whole(district, actor="command")
        if options["publish"]:
            moves.publish_on_the_operators_word(district, actor="command")
        self.stdout.write(f"{district.slug}: {district.state}, {district.url}")
