"""Writing accounts and their tokens."""

import secrets
from collections.abc import Collection
from datetime import timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from knox.models import AuthToken

from wiq.accounts.models import ApiToken, Scope, Session, User
from wiq.accounts.roles import Role, check_role_here
from wiq.actors import Actor
from wiq.audit import services as audit
from wiq.erasures import services as erasures
from wiq.mail_addresses import is_at, of_account
from wiq.typed import line

# The roles with full responsibility, in a district and on the platform. One account has to stay.
KEEPERS = (Role.COORDINATOR, Role.PROJECT_TEAM)
# A token's term: long enough to forget who uses it, so not longer without being asked.
TOKEN_DAYS, TOKEN_DAYS_MAX = 365, 1096
# The last use is noted this often at most, so that reading doesn't become writing.
NOTED_EVERY = timedelta(minutes=10)


def check_is_no_visit(actor: Actor | None) -> None:
    """Raise ValidationError for a support visit: nothing made in one may outlive it.

    Asked by every service that makes, changes or ends a way in.
    """
    if isinstance(actor, User) and actor.is_visit:
        raise ValidationError(
            _("Bei einem Besuch geht das nicht: Es würde auch danach noch gelten.")
        )


def check_free(email: str) -> None:
    """Raise ValidationError for an address that has an account here."""
    if User.objects.filter(is_at("email", email)).exists():
        raise ValidationError(_("Zu dieser Adresse gibt es hier schon ein Konto."))


@transaction.atomic
def create_account(*, email: str, role: Role, name: str = "", password: str | None = None) -> User:
    """Create an account in the current schema.

    Without a password the account can't sign in until its owner sets one through "Passwort
    vergessen". Raises ValidationError for an invalid or taken address and a role that this host
    does not have.
    """
    email = of_account(email)
    check_role_here(role)
    check_free(email)
    user = User(email=email, name=line(name).strip(), role=role)
    # A random password that nobody knows: allauth mails a reset link only to accounts with one.
    user.set_password(password or secrets.token_urlsafe(32))
    user.save()
    # The person who created the account vouches for the address. allauth wants a verified address
    # before it sets up a second factor.
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    audit.record_change("account.created", user, details={"role": role})
    return user


@transaction.atomic
def create_token(
    user: User, *, name: str = "", scopes: Collection[Scope] = tuple(Scope), days: int = TOKEN_DAYS
) -> str:
    """Create an API token for an account and return it; only its hash is kept.

    ``days``: how long it is valid. Raises ValidationError for a longer or no term, no scope and a
    name of more than a line, and for the account of a support visit.
    """
    check_is_no_visit(user)
    if not 1 <= days <= TOKEN_DAYS_MAX:
        raise ValidationError(_("Ein Schlüssel gilt einen Tag bis drei Jahre."))
    token: str
    row, token = AuthToken.objects.create(user, expiry=timedelta(days=days))
    described = ApiToken(token=row, name=" ".join(name.split()), scopes=sorted(set(scopes)))
    described.full_clean()
    described.save()
    details = {"scopes": " ".join(described.scopes), "days": days}
    audit.record_change("token.created", user, actor=user, details=details)
    return token


@transaction.atomic
def revoke_token(token: ApiToken, *, actor: Actor) -> None:
    """End one token at once."""
    audit.record_change("token.revoked", token.token.user, actor=actor)
    token.token.delete()


@transaction.atomic
def end_tokens(user: User, *, actor: Actor) -> int:
    """End all tokens of an account; return how many there were."""
    tokens = AuthToken.objects.filter(user=user)
    ended: int = tokens.count()
    if ended:
        tokens.delete()
        audit.record_change("token.all_ended", user, actor=actor, details={"count": ended})
    return ended


def used(row: AuthToken) -> ApiToken | None:
    """Note that a token is being used; None if it is one of which nothing is known.

    Older versions that ran beside this one made such tokens. They allow nothing.
    """
    now = timezone.now()
    found: ApiToken | None = ApiToken.objects.filter(token=row).first()
    if found is not None and (found.last_used_at or now - NOTED_EVERY) <= now - NOTED_EVERY:
        found.last_used_at = now
        found.save(update_fields=["last_used_at"])
    return found


@transaction.atomic
def set_password(user: User, password: str, *, actor: User | str) -> User:
    """Give an account a new password. Raises ValidationError for a support visit."""
    check_is_no_visit(actor)
    check_is_no_visit(user)
    user.set_password(password)
    user.save(update_fields=["password"])
    audit.record_change("account.password_set", user, actor=actor)
    end_tokens(user, actor=actor)
    return user


@transaction.atomic
def change_account(
    user: User, *, actor: User | str, name: str, role: Role, is_active: bool
) -> User:
    """Change an account's name, role and state.

    Raises ValidationError for a role that this host does not have, for a support visit, and if
    nobody would be left with full responsibility.
    """
    check_is_no_visit(actor)
    check_role_here(role)
    locked, others = _with_other_keepers(user)
    if role != locked.role or not is_active:
        _check_somebody_stays(locked, others)
    if is_active and not locked.is_active:
        locked.awake_since, locked.dormancy_told_at = timezone.now(), None
    locked.name, locked.role, locked.is_active = line(name).strip(), role, is_active
    locked.save(update_fields=["name", "role", "is_active", "awake_since", "dormancy_told_at"])
    details = {"role": str(role), "is_active": is_active}
    audit.record_change("account.changed", locked, actor=actor, details=details)
    if not is_active:
        end_tokens(locked, actor=actor)
    return locked


@transaction.atomic
def remove_account(user: User, *, actor: Actor) -> None:
    """Delete an account with its tokens.

    Raises ValidationError for the last one of its kind, and for a support visit, which may end
    itself alone.
    """
    if not user.is_visit:
        check_is_no_visit(actor)
    locked, others = _with_other_keepers(user)
    _check_somebody_stays(locked, others)
    audit.record_change("account.removed", locked, actor=actor)
    if not locked.is_visit:
        erasures.note("account", erasures.of_address(locked.email))
    # By hand: Django's own deletion queries its admin log, a table that districts don't have.
    for model in (AuthToken, Authenticator, EmailAddress, Session):
        model._default_manager.filter(user=locked).delete()
    User.objects.filter(pk=locked.pk)._raw_delete(using=DEFAULT_DB_ALIAS)


def hold_keepers() -> list[User]:
    """Return the accounts with full responsibility, locked until the transaction ends.

    Whoever changes accounts locks these first, and always in the same order: of two who demote
    each other at the same moment, one waits for the other, and then finds nobody else left.
    """
    keepers = User.objects.lasting().filter(role__in=KEEPERS, is_active=True).order_by("pk")
    return list(keepers.select_for_update())


def check_may_leave(user: User) -> None:
    """Raise ValidationError if nobody else has full responsibility."""
    others = [keeper for keeper in hold_keepers() if keeper.pk != user.pk]
    _check_somebody_stays(user, others)


def _with_other_keepers(user: User) -> tuple[User, list[User]]:
    """Return an account and the others with full responsibility, all of them locked.

    Raises ValidationError if the account was deleted meanwhile.
    """
    others = [keeper for keeper in hold_keepers() if keeper.pk != user.pk]
    locked = User.objects.select_for_update().filter(pk=user.pk).first()
    if locked is None:
        raise ValidationError(_("Dieses Konto gibt es nicht mehr."))
    return locked, others


def _check_somebody_stays(user: User, others: list[User]) -> None:
    """Raise ValidationError for the last active account with full responsibility."""
    if user.is_visit:  # may always end
        return
    if user.role in KEEPERS and user.is_active and not others:
        raise ValidationError(
            _("Das ist das letzte Konto mit der Rolle „%s“. Bitte laden Sie zuerst jemanden ein.")
            % Role(user.role).label
        )


@transaction.atomic
def set_keys(user: User, *, is_on: bool) -> None:
    """Switch the desk's single keys on or off for an account, as its owner asked."""
    user.keys_on = is_on
    user.save(update_fields=["keys_on"])
    audit.record_event("account.keys", user, actor=user)
