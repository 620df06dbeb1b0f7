"""Writing accounts and their tokens."""

import secrets

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _
from knox.models import AuthToken

from wiq.accounts.models import User
from wiq.accounts.roles import DISTRICT_ROLES, PLATFORM_ROLES, Role
from wiq.audit import services as audit
from wiq.tenancy import PUBLIC, connection


@transaction.atomic
def create_account(*, email: str, role: Role, name: str = "", password: str | None = None) -> User:
    """Create an account in the current schema.

    Without a password the account can't sign in until its owner sets one through "Passwort
    vergessen". Raises ValidationError for a bad or taken address and a role that does not belong
    on this host.
    """
    email = email.strip().lower()
    validate_email(email)
    allowed = PLATFORM_ROLES if connection.schema_name == PUBLIC else DISTRICT_ROLES
    if role not in allowed:
        raise ValidationError(_("Diese Rolle gibt es hier nicht."))
    if User.objects.filter(email__iexact=email).exists():
        raise ValidationError(_("Zu dieser Adresse gibt es hier schon ein Konto."))
    user = User(email=email, name=name, role=role)
    # Nobody knows the random one: allauth mails a reset link only to accounts that have some.
    user.set_password(password or secrets.token_urlsafe(32))
    user.save()
    # Somebody who knows the address vouches for it; allauth asks for that before a second factor.
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    audit.record("account.created", user, details={"role": role})
    return user


@transaction.atomic
def create_token(user: User) -> str:
    """Create an API token for an account and return it; only its hash is kept."""
    token: str
    _row, token = AuthToken.objects.create(user)
    audit.record("token.created", user, actor=user)
    return token


@transaction.atomic
def set_password(user: User, password: str, *, actor: User | str) -> User:
    """Give an account a new password."""
    user.set_password(password)
    user.save(update_fields=["password"])
    audit.record("account.password_set", user, actor=actor)
    return user
