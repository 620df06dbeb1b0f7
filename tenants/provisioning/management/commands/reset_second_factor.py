"""Take away a lost second factor where no colleague is left who could."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser

from tenants.districts.commands import HostCommand
from wiq.accounts import second_step
from wiq.accounts.models import User
from wiq.audit.services import SYSTEM
from wiq.mail_addresses import is_at


class Command(HostCommand):
    """``reset_second_factor (--district SLUG | --platform) EMAIL``"""

    help = "Takes an account's second factor away; the owner is told by mail."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        with self.host(options):
            user = User.objects.filter(is_at("email", options["email"]), is_active=True).first()
            if user is None:
                raise CommandError(f"There is no account {options['email']} here.")
            try:
                second_step.reset(user, actor=SYSTEM)
            except ValidationError as error:
                raise CommandError("; ".join(error.messages)) from None
        self.stdout.write(f"{user.email} signs in with the password and sets up a new one.")
