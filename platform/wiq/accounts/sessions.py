"""Sessions in the schema of their account: hashed keys, encrypted data, an end when nobody comes.

A copy of the database signs nobody in: what stands there is the hash of what the cookie holds.
"""

import hashlib
from datetime import timedelta
from typing import Any

from cryptography.fernet import InvalidToken
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import CreateError, UpdateError
from django.contrib.sessions.models import Session as OlderSession
from django.db import IntegrityError, transaction
from django.db.models.functions import Least
from django.http import HttpRequest
from django.utils import timezone

from wiq.accounts.browser_names import browser_name
from wiq.accounts.models import Session, User
from wiq.audit import services as audit
from wiq.signing.keys import lock_for

# A working day: who comes back the next morning signs in again (ASVS 5.0, 7.3.1).
IDLE = timedelta(hours=12)
# The last visit is noted this often at most, so that reading doesn't become writing.
NOTED_EVERY = timedelta(minutes=5)
PURPOSE = "sessions"


class SessionStore(db.SessionStore):
    """Django's sessions in a table of ours. Its asynchronous methods are not used here."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def load(self) -> dict[str, Any]:
        """Return what a session holds; nothing if it is over, or nobody came for too long."""
        now = timezone.now()
        found = Session.objects.filter(
            session_key=hashed(self.session_key or ""), expire_date__gt=now,
            last_seen_at__gt=now - IDLE,
        ).first()  # fmt: skip
        if found is None:
            self._session_key = None
            return {}
        data = self.decode(found.session_data)
        if found.last_seen_at <= now - NOTED_EVERY:
            whose = data.get(SESSION_KEY)
            Session.objects.filter(pk=found.pk).update(last_seen_at=now, user_id=whose)
        return data

    def exists(self, session_key: str) -> bool:
        return Session.objects.filter(session_key=hashed(session_key)).exists()

    def save(self, must_create: bool = False) -> None:
        """Write the session. Raises UpdateError if it has ended since it was read."""
        if self.session_key is None:
            return self.create()
        django_s: Any = self
        data: dict[str, Any] = django_s._get_session(no_load=must_create)
        expires = self.get_expiry_date()
        values = {
            "session_data": self.encode(data),
            "expire_date": expires,
            "user_id": data.get(SESSION_KEY),
        }
        rows = Session.objects.filter(session_key=hashed(self.session_key))
        if must_create:
            try:
                with transaction.atomic():
                    Session.objects.create(session_key=hashed(self.session_key), **values)
            except IntegrityError:
                raise CreateError from None
        # What is written into a session makes it no longer: only signing in begins another.
        elif not rows.update(**values | {"expire_date": Least("expire_date", expires)}):
            raise UpdateError

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            Session.objects.filter(session_key=hashed(key)).delete()

    def encode(self, session_dict: dict[str, Any]) -> str:
        """Encrypt the data, because the seed of a second factor waits there to be confirmed."""
        return lock_for(PURPOSE).encrypt(super().encode(session_dict).encode()).decode()

    def decode(self, session_data: Any) -> dict[str, Any]:
        try:
            text = lock_for(PURPOSE).decrypt(session_data).decode()
        except InvalidToken:  # from before they were encrypted
            text = session_data
        found: dict[str, Any] = super().decode(text)
        return found


def hashed(key: str) -> str:
    """Return what is kept of a key. It is random and long, so it needs no salt and no rounds."""
    return hashlib.sha256(key.encode()).hexdigest()


def describe(request: HttpRequest) -> None:
    """Note with a session, once somebody is signed in, which browser it is."""
    name = browser_name(request.headers.get("User-Agent", ""))
    key = request.session.session_key or ""
    Session.objects.filter(session_key=hashed(key)).update(browser=name)


def of_account(user: User) -> list[Session]:
    """Return the sessions of an account that are not over, the latest visit first."""
    now = timezone.now()
    going_on = Session.objects.filter(expire_date__gt=now, last_seen_at__gt=now - IDLE, user=user)
    return list(going_on.order_by("-last_seen_at"))


def end_others(request: HttpRequest, user: User, *, reference: str = "") -> int:
    """Sign an account out elsewhere: everywhere, or in one session; return in how many."""
    here = hashed(request.session.session_key or "")
    others = [row for row in of_account(user) if row.pk != here]
    chosen = [row.pk for row in others if reference in ("", row.reference)]
    with transaction.atomic():
        ended = Session.objects.filter(pk__in=chosen, user=user).delete()[0]
        if ended:
            audit.record_event("account.sessions_ended", user, actor=user, details={"count": ended})
    return ended


def forget_over() -> int:
    """Delete the sessions that are over, and those of an older version; return how many."""
    now = timezone.now()
    OlderSession.objects.all().delete()
    over = Session.objects.filter(expire_date__lte=now) | Session.objects.filter(
        last_seen_at__lte=now - IDLE
    )
    return over.delete()[0]
