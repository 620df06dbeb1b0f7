"""Create a token for the API."""

from contextlib import nullcontext
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django_tenants.utils import tenant_context

from tenants.districts.models import District
from wiq.accounts import services
from wiq.accounts.models import User


class Command(BaseCommand):
    """``create_api_token (--district SLUG | --platform) EMAIL``"""

    help = "Prints a new API token for an account; the token alone stands on the last line."

    def add_arguments(self, parser: CommandParser) -> None:
        where = parser.add_mutually_exclusive_group(required=True)
        where.add_argument("--district", metavar="SLUG")
        where.add_argument("--platform", action="store_true")
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        district = None
        if options["district"]:
            district = District.objects.filter(slug=options["district"]).first()
            if district is None:
                raise CommandError(f"There is no district {options['district']}.")
        with tenant_context(district) if district else nullcontext():
            user = User.objects.filter(email__iexact=options["email"], is_active=True).first()
            if user is None:
                raise CommandError(f"There is no account {options['email']} here.")
            token = services.create_token(user)
        self.stdout.write(token)
