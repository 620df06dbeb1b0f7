"""Who may sign in is what holds today: no password, session or token comes back from a backup."""

from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models.functions import Lower
from knox.models import AuthToken

from wiq.accounts.models import User
from wiq.returning import Mend, emptied, mends

# Of an account that is there today.
_HELD = ("password", "is_active", "role", "factor_due_at", "awake_since", "dormancy_told_at")


@dataclass(frozen=True)
class Accounts:
    """What today's schema says of accounts."""

    users: dict[tuple[int, str], dict[str, Any]]
    factors: list[dict[str, Any]]
    tokens: set[str]


def _read() -> Accounts:
    users = User.objects.lasting().annotate(address=Lower("email"))
    return Accounts(
        {(row.pop("pk"), row.pop("address")): row for row in users.values("pk", "address", *_HELD)},
        list(Authenticator.objects.values("user_id", "type", "data", "created_at", "last_used_at")),
        set(AuthToken.objects.values_list("digest", flat=True)),
    )


def _mend(today: Accounts) -> None:
    """Let accounts be as they are today; visits of the project team end with the rows they saw."""
    User.objects.exclude(expires_at__isnull=True).delete()
    AuthToken.objects.exclude(digest__in=today.tokens).delete()
    Authenticator.objects.all().delete()
    there: set[int] = set()
    for user in User.objects.annotate(address=Lower("email")):
        held = today.users.get((user.pk, user.address))
        if held is None:
            # Taken out since: comes back as a name beside what it wrote, and opens nothing.
            user.is_active = False
            user.set_unusable_password()
            user.save(update_fields=["is_active", "password"])
            continue
        there.add(user.pk)
        User.objects.filter(pk=user.pk).update(**held)
    Authenticator.objects.bulk_create(
        Authenticator(**row) for row in today.factors if row["user_id"] in there
    )


for _label in ("sessions.session", "accounts.session", "account.emailconfirmation"):
    emptied.register(_label)
mends.register(Mend(_read, _mend))
