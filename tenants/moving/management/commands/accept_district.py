"""Agree to take a district from another installation."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenants.moving import arriving


class Command(BaseCommand):
    """``accept_district SLUG --from URL``"""

    help = (
        "Agrees to take a district from another installation. The word for it, which move_district "
        f"asks for there, stands alone on the last line; it holds for {arriving.DAYS} days and for "
        "this district alone."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--from", dest="other", required=True, metavar="URL")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            token = arriving.expect(options["slug"], other=options["other"], actor="command")
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from None
        self.stdout.write(token)
