"""Create a token for the API."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from tenants.districts.commands import HostCommand
from wiq.accounts import services
from wiq.accounts.models import User
from wiq.mail_addresses import is_at


class Command(HostCommand):
    """``create_api_token (--district SLUG | --platform) EMAIL``"""

    help = "Prints a new API token for an account; the token alone stands on the last line."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        with self.host(options):
            user = User.objects.filter(is_at("email", options["email"]), is_active=True).first()
            if user is None:
                raise CommandError(f"There is no account {options['email']} here.")
            token = services.create_token(user)
        self.stdout.write(token)
