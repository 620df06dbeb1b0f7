"""Seeds of second factors: encrypted in the database, under a key made of SECRET_KEY."""

from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.db import transaction

from wiq.signing.keys import lock_for, made_of

PURPOSE = "second factors"
# The values of allauth's rows that are seeds or codes.
SEEDS = ("secret", "seed")


def encrypted(text: str) -> str:
    """Return a seed encrypted for the database."""
    return lock_for(PURPOSE).encrypt(text.encode()).decode()


def decrypted(kept: str) -> str:
    """Return a seed in the clear; what an older version kept in the clear as it is."""
    try:
        return lock_for(PURPOSE).decrypt(kept).decode()
    except InvalidToken:
        return kept


def encrypt_all() -> int:
    """Encrypt what is in the clear, or under a former SECRET_KEY; return how many rows.

    In the night and not by a migration: an older version that runs beside one reads no ciphers.
    """
    done = 0
    for number in Authenticator.objects.values_list("pk", flat=True):
        with transaction.atomic():
            row = Authenticator.objects.select_for_update().filter(pk=number).first()
            if row is not None and _renewed(row.data):
                row.save(update_fields=["data"])
                done += 1
    return done


def _renewed(data: dict[str, object]) -> bool:
    """Encrypt the seeds of a row anew where that is due; tell whether it was."""
    due = [name for name in SEEDS if isinstance(data.get(name), str) and not _current(data[name])]
    for name in due:
        data[name] = encrypted(decrypted(str(data[name])))
    return bool(due)


def _current(kept: object) -> bool:
    try:
        made_of(settings.SECRET_KEY, PURPOSE).decrypt(str(kept))
    except InvalidToken:
        return False
    return True
