"""Accounts from a district's file: a role of ours, and a password that nobody knows."""

import secrets
from typing import Any

from wiq.accounts.models import User
from wiq.accounts.roles import check_role_here
from wiq.importing import Completion, completions


def complete(user: User, data: dict[str, Any]) -> None:
    """Refuse a role that does not belong here, and lock the account where no password came."""
    check_role_here(user.role)
    if "password" not in data:
        user.set_password(secrets.token_urlsafe(32))


completions.register(Completion(User, complete))
