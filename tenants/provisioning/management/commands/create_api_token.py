"""Create a token for the API."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser

from tenants.districts.commands import HostCommand
from wiq.accounts import services
from wiq.accounts.models import Scope, User
from wiq.mail_addresses import is_at


class Command(HostCommand):
    """``create_api_token (--district SLUG | --platform) EMAIL [--scope …] [--days N]``"""

    help = "Prints a new API token for an account; the token alone stands on the last line."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("email")
        parser.add_argument(
            "--scope",
            action="append",
            choices=Scope.values,
            help="what it is for; several times for several; without it all that the account may do",
        )
        parser.add_argument(
            "--days",
            type=int,
            default=services.TOKEN_DAYS,
            help="how long it is valid (%(default)s)",
        )
        parser.add_argument("--name", default="", help="what the desk's list calls it")

    def handle(self, *args: Any, **options: Any) -> None:
        with self.host(options):
            user = User.objects.filter(is_at("email", options["email"]), is_active=True).first()
            if user is None:
                raise CommandError(f"There is no account {options['email']} here.")
            scopes = [Scope(word) for word in options["scope"] or Scope.values]
            try:
                token = services.create_token(
                    user, name=options["name"], scopes=scopes, days=options["days"]
                )
            except ValidationError as error:
                raise CommandError("; ".join(error.messages)) from None
        self.stdout.write(token)
