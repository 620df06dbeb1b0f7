"""What all submissions have in common: a reference, a secret page, a way to reply."""

import secrets
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar, Self, TypeVar

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wiq.declared import Leaves, data_of
from wiq.mail_addresses import is_at
from wiq.submissions.retention import forgotten_on
from wiq.submissions.rules import NOTE_MAX

# Without the letters and digits that are easily confused on the telephone.
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


# In every room, the state of what the honeypot caught or a coordinator marked as spam.
SUSPICIOUS = "spam"


class Origin(models.TextChoices):
    """How a submission reached us."""

    FORM = "form", _("Formular")
    API = "api", _("Schnittstelle")
    PHONE = "phone", _("Telefon")
    MAIL_LINK = "link", _("Link in einer E-Mail")
    VISIT = "visit", _("Besuch")
    DISTRICT = "district", _("anderes Quartier")


def new_reference() -> str:
    """Return a reference to read out on the telephone: eight characters in two groups."""
    word = "".join(secrets.choice(_LETTERS) for _index in range(8))
    return f"{word[:4]}-{word[4:]}"


def new_token() -> str:
    """Return the secret part of a status page's address: 192 random bits."""
    return secrets.token_urlsafe(24)


Sent = TypeVar("Sent", bound="Submission")


class SubmissionQuerySet(models.QuerySet[Sent]):
    """Queries on submissions."""

    def from_address(self, email: str) -> Self:
        """Return the submissions from one e-mail address."""
        return self.filter(is_at("email", email))

    def to_forget(self, months: int) -> list[Sent]:
        """Return what was closed at least ``months`` ago and still holds personal data."""
        today = timezone.localdate()
        # Months differ in length: the query allows three extra days, then each row is checked.
        day = forgotten_on(today, -months) + timedelta(days=4)
        before = timezone.make_aware(datetime.combine(day, time.min))
        done = self.filter(anonymised_at__isnull=True, done_at__lt=before)
        return [found for found in done if (found.forgotten_on(months) or today) <= today]


class Submission(models.Model):
    """Something a resident sent; its personal part is erased in time."""

    reference = models.CharField(_("Nummer"), max_length=9, unique=True, default=new_reference)
    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    name = models.CharField(_("Name"), max_length=120)
    email = models.EmailField(_("E-Mail-Adresse"), blank=True)
    phone = models.CharField(_("Telefon"), max_length=40, blank=True)
    language = models.CharField(_("Sprache"), max_length=5, default="de")
    origin = models.CharField(_("gekommen über"), max_length=8, choices=Origin, default=Origin.FORM)
    privacy_acknowledged_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(_("eingegangen am"), auto_now_add=True)
    done_at = models.DateTimeField(_("abgeschlossen am"), null=True, blank=True, editable=False)
    anonymised_at = models.DateTimeField(_("Angaben gelöscht am"), null=True, blank=True)
    idempotency_key = models.CharField(
        max_length=100, unique=True, null=True, blank=True, editable=False
    )
    idempotency_digest = models.CharField(max_length=64, blank=True, editable=False)
    # A keyed hash of content and network: the same again within minutes is a repeat.
    repeat_digest = models.CharField(
        max_length=64, blank=True, default="", db_default="", editable=False
    )
    # Each room declares this field with its own states.
    state: Any
    # The entries of its history, in a table of each room's own.
    steps: Any
    # The states in which the sender still waits; in all others the submission is closed.
    WAITING: ClassVar[tuple[str, ...]] = ()
    # Kinds of its first mails: to the team, and to its sender.
    FIRST_MAILS: ClassVar[tuple[str, str]] = ("", "")
    # The states in which the team is not told yet.
    TEAM_LEARNS_LATER: ClassVar[tuple[str, ...]] = ()
    # In a mail program, what is mailed about one of them hangs together (wiq.mail.services).
    MAILS_ARE_ONE_THREAD: ClassVar = True

    class Data:
        leaves = Leaves.PERSONAL
        visitors_see = False
        plain = "reference language origin privacy_acknowledged_at created_at done_at anonymised_at"
        personal = "name email phone"
        secrets = "token idempotency_key idempotency_digest repeat_digest"

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(anonymised_at__isnull=False) | ~Q(email="") | ~Q(phone=""),
                name="%(class)s_email_or_phone",
                violation_error_message=_(
                    "Bitte geben Sie eine E-Mail-Adresse oder eine Telefonnummer an."
                ),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                "done_at",
                name="%(class)s_to_forget",
                condition=Q(anonymised_at__isnull=True, done_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def forgotten_on(self, months: int) -> date | None:
        """Return the day on which the personal part is erased; None while it is open."""
        if self.done_at is None:
            return None
        return forgotten_on(timezone.localdate(self.done_at), months)

    def forget(self) -> list[str]:
        """Clear the personal fields in memory; return the names of the changed fields."""
        personal = [*data_of(type(self)).personal]
        for name in personal:
            setattr(self, name, "")
        self.anonymised_at = timezone.now()
        # A repeat under the same key would lead to a page that has nothing left to show.
        self.idempotency_key, self.idempotency_digest, self.repeat_digest = None, "", ""
        marks = ("idempotency_key", "idempotency_digest", "repeat_digest")
        return [*personal, "anonymised_at", *marks]


class StepKind(models.TextChoices):
    """The kind of an entry in a submission's history."""

    MOVE = "move", _("Neuer Stand")
    MESSAGE = "message", _("Nachricht an Sie")
    REPLY = "reply", _("Ihre Antwort")


class SubmissionStep(models.Model):
    """One entry of a submission's history, as its sender reads it."""

    # Of the ``state`` that each room adds, with its own choices.
    get_state_display: Callable[[], str]

    kind = models.CharField(_("was"), max_length=8, choices=StepKind)
    note = models.TextField(_("Text"), blank=True, validators=[MaxLengthValidator(NOTE_MAX)])
    made_by = models.CharField(_("wer"), max_length=254)
    at = models.DateTimeField(_("wann"), auto_now_add=True)

    class Data:
        leaves = Leaves.PERSONAL
        visitors_see = False
        plain = "kind at"
        personal = "note made_by"

    class Meta:
        abstract = True
        ordering: ClassVar = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d}"

    @property
    def event(self) -> str:
        """What happened then, as the sender reads it: the new state, or who wrote."""
        if self.kind == StepKind.MOVE:
            return str(self.get_state_display())
        return str(self.get_kind_display())
