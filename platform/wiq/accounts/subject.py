"""Invitations and accounts of an address."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from wiq.accounts.models import Invitation, User
from wiq.accounts.services import remove_account
from wiq.actors import Actor
from wiq.audit import services as audit
from wiq.erasures.repeats import Repeat, repeats
from wiq.erasures.services import of_address
from wiq.mail_addresses import is_at
from wiq.subjects import Source, all_handed_out, sources


def collect_invitations(email: str) -> list[Any]:
    """Return the invitations that an address got."""
    return all_handed_out(Invitation.objects.filter(is_at("email", email)))


def erase_invitations(email: str, actor: Actor) -> int:
    """Delete closed invitations; open ones are revoked at the desk."""
    over = Invitation.objects.filter(is_at("email", email)).exclude(
        accepted_at__isnull=True, revoked_at__isnull=True
    )
    return over.delete()[0]


def collect_accounts(email: str) -> list[Any]:
    """Return the account that signs in with an address."""
    return all_handed_out(User.objects.filter(is_at("email", email)))


sources.register(
    Source(
        170,
        "invitations",
        _("Einladungen"),
        ("accounts.invitation",),
        collect_invitations,
        erase_invitations,
    )
)
sources.register(
    Source(
        180,
        "accounts",
        _("Konten"),
        ("accounts.user", "account.emailaddress"),
        collect_accounts,
        kept_because="it belongs to whoever works here, who removes it under Konten",
    )
)


def emails() -> list[str]:
    """Return the addresses of all accounts, as erasures mark them."""
    found = User.objects.lasting().values_list("email", flat=True)
    return sorted(of_address(email) for email in found)


def remove_again(email: str) -> None:
    """Remove an account that a restored backup brought back. Raises ValidationError."""
    for user in User.objects.lasting().filter(is_at("email", email)):
        remove_account(user, actor=audit.SYSTEM)


repeats.register(Repeat("account", emails, remove_again))
