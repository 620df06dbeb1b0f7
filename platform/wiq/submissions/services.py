"""Keeping what residents send, once, and forgetting the personal part in time."""

import hashlib
import json
from collections.abc import Callable
from typing import Any, TypeVar

from django.db import IntegrityError, transaction

from wiq.audit import services as audit
from wiq.mail import services as mail
from wiq.mail.models import Message
from wiq.submissions.models import Submission

Kept = TypeVar("Kept", bound=Submission)


class KeyReused(Exception):
    """An Idempotency-Key came back with another body than the first time."""


def digest(values: dict[str, Any]) -> str:
    """Return a fingerprint of a submission, to tell a repeat from another one under its key."""
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


def accept_once(
    model: type[Kept], accept: Callable[[], Kept], *, key: str, values: dict[str, Any]
) -> Kept:
    """Accept a submission under an Idempotency-Key; a repeat returns the first one.

    Raises KeyReused when the key comes with other values. Two at the same moment: the unique
    column lets one through and the other finds it.
    """
    fingerprint = digest(values)
    known = model._default_manager.filter(idempotency_key=key).first()
    if known is None:
        try:
            with transaction.atomic():
                accepted = accept()
                accepted.idempotency_key = key
                accepted.idempotency_digest = fingerprint
                accepted.save(update_fields=["idempotency_key", "idempotency_digest"])
                return accepted
        except IntegrityError:
            known = model._default_manager.get(idempotency_key=key)
    if known.idempotency_digest != fingerprint:
        raise KeyReused
    return known


@transaction.atomic
def anonymise(submission: Submission, *, actor: Any) -> None:
    """Forget who sent something and what they wrote; the fact that it came stays for the count.

    Its mails hold the same words, so they go as well.
    """
    changed = submission.forget()
    submission.save(update_fields=changed)
    mail.forget(Message.objects.about(submission))
    audit.record_change(f"{submission._meta.model_name}.anonymised", submission, actor=actor)
