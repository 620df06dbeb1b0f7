"""Codes that are kept as rows: how often one is asked for and tried, and that it acts once.

A room's own table says what its codes are for; ``rows`` are always the codes of one thing for one
mailbox, in a transaction that holds that thing.
"""

from datetime import timedelta
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wiq.signing.codes import ATTEMPTS, VALID, fits

# Whoever holds a link may ask: nobody fills a mailbox or guesses all day with it.
PAUSE = timedelta(minutes=1)
DAY, A_DAY = timedelta(days=1), 5


class MailedCode(models.Model):
    """Six digits that were mailed, so that somebody may act once."""

    code_hash = models.CharField(max_length=64)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(gettext_lazy("geschickt am"), auto_now_add=True)
    used_at = models.DateTimeField(gettext_lazy("benutzt am"), null=True)

    class Meta:
        abstract = True


Row = TypeVar("Row", bound=MailedCode)


def waiting_among(rows: "models.QuerySet[Row]") -> Row | None:
    """Return the code that can still be typed in; None if there is none."""
    found: Row | None = rows.order_by("-pk").first()
    if found is None or found.used_at is not None or found.attempts >= ATTEMPTS:
        return None
    return found if found.created_at >= timezone.now() - VALID else None


def check_may_ask(rows: "models.QuerySet[Any]", *, enough: str) -> None:
    """Raise ValidationError if the last code is not a minute old, or if there were five today.

    ``enough`` is what the page says in the second case.
    """
    now = timezone.now()
    rows.filter(created_at__lt=now - DAY).delete()
    asked = list(rows.order_by("-pk").values_list("created_at", flat=True))
    if asked and asked[0] > now - PAUSE:
        raise ValidationError(
            _("Der Code ist schon unterwegs. Einen neuen gibt es frühestens nach einer Minute.")
        )
    if len(asked) >= A_DAY:
        raise ValidationError(enough)


def is_typed_right(code: MailedCode | None, purpose: str, typed: str) -> bool:
    """Count a try, and tell whether it was the code, which is used up then.

    The caller commits the count also where it refuses. Raises ValidationError without a code.
    """
    if code is None:
        raise ValidationError(
            _("Dieser Code gilt nicht mehr. Bitte lassen Sie sich einen neuen schicken.")
        )
    is_right = fits(purpose, typed, code.code_hash)
    code.attempts += 1
    code.used_at = timezone.now() if is_right else None
    code.save(update_fields=["attempts", "used_at"])
    return is_right


def wrong() -> ValidationError:
    """Return what is said of a wrong code."""
    return ValidationError(
        _("Dieser Code stimmt nicht. Bitte sehen Sie noch einmal in der E-Mail nach.")
    )
