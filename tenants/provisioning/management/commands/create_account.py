"""Invite somebody to an account, among them the first member of the project team."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser

from tenants.districts.commands import HostCommand
from wiq.accounts import invitations
from wiq.accounts.roles import Role


class Command(HostCommand):
    """``create_account EMAIL (--district SLUG | --platform) [--role ROLE]``"""

    help = (
        "Mails an invitation to an account; its link stands alone on the last line. The role is "
        "coordinator in a district and project_team on the platform, unless --role names another."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("email")
        parser.add_argument("--role", choices=Role.values)

    def handle(self, *args: Any, **options: Any) -> None:
        with self.host(options) as district:
            usual = Role.PROJECT_TEAM if district is None else Role.COORDINATOR
            role = Role(options["role"] or usual)
            try:
                invitation = invitations.invite(email=options["email"], role=role, actor="command")
            except ValidationError as error:
                raise CommandError("; ".join(error.messages)) from None
            until = f"{invitation.expires_at:%Y-%m-%d}"
            self.stdout.write(f"{invitation.email} is invited as {role} until {until}:")
            self.stdout.write(invitations.link(invitation))
