"""Accounts from a district's file: with a known role, and locked if they have no password."""

import secrets
from typing import Any

from wiq.accounts.models import User
from wiq.accounts.roles import check_role_here
from wiq.importing import Completion, completions


def complete(user: User, data: dict[str, Any]) -> None:
    """Refuse a role that is not a district's; lock the account if the file has no password."""
    check_role_here(user.role)
    if "password" not in data:
        user.set_password(secrets.token_urlsafe(32))


completions.register(Completion(User, complete))
