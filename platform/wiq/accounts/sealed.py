"""Sessions and seeds of second factors on their way to another installation."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.utils.crypto import constant_time_compare

from wiq.accounts import factors
from wiq.accounts.models import Session, User
from wiq.accounts.sessions import SessionStore
from wiq.sealed import Sealed, WorthNothing, columns


def _opened_session(row: Session) -> dict[str, Any]:
    data = SessionStore().decode(row.session_data)
    if SESSION_KEY in data:
        user = User.objects.filter(pk=data[SESSION_KEY]).first()
        # A guest of this project team is none of the other's.
        if user is None or user.is_visit:
            raise WorthNothing
        said = str(data.pop(HASH_SESSION_KEY, ""))
        known = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
        # Made anew in the other place, it would revive what a new password has ended.
        if not any(constant_time_compare(said, one) for one in known):
            raise WorthNothing
    return data


def _sealed_session(row: Session, data: dict[str, Any]) -> str:
    if SESSION_KEY in data:
        user = User.objects.get(pk=data[SESSION_KEY])
        data = data | {HASH_SESSION_KEY: user.get_session_auth_hash()}
    return SessionStore().encode(data)


def _opened_factor(row: Authenticator) -> dict[str, Any]:
    return _with_seeds(row.data, factors.decrypted)


def _sealed_factor(row: Authenticator, data: dict[str, Any]) -> dict[str, Any]:
    return _with_seeds(data, factors.encrypted)


def _with_seeds(data: dict[str, Any], change: Any) -> dict[str, Any]:
    found = {name: data[name] for name in factors.SEEDS if isinstance(data.get(name), str)}
    return data | {name: change(seed) for name, seed in found.items()}


columns.register(Sealed(Session, "session_data", _opened_session, _sealed_session))
columns.register(Sealed(Authenticator, "data", _opened_factor, _sealed_factor))
