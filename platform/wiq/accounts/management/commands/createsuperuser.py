"""Django's command of this name needs a username and a superuser; the platform has neither."""

from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    """``createsuperuser`` names the command that invites people to an account."""

    help = "Names the command that makes accounts here: create_account."
    requires_system_checks: list[str] = []  # noqa: RUF012

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what Django's own command takes, so that scripts read the answer below."""
        for name in ("--email", "--username", "--role", "--database"):
            parser.add_argument(name)
        for name in ("--noinput", "--no-input"):
            parser.add_argument(name, action="store_true")

    def handle(self, *args: Any, **options: Any) -> NoReturn:
        """Refuse, and say what to call instead."""
        raise CommandError(
            "There are no superusers here: each person has an account with a role. Invite the "
            "first one of the project team with: create_account EMAIL --platform"
        )
