"""Contact requests: what a resident wrote, to which team, and how far it has come."""

import secrets
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from directory.people.models import Team

# Without the letters and digits that are easily mistaken when read aloud.
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
MESSAGE_MIN, MESSAGE_MAX = 10, 5000
OPEN_STATES = ("new", "taken")


class RequestState(models.TextChoices):
    """The life of a contact request (domain.md)."""

    NEW = "new", _("eingegangen")
    TAKEN = "taken", _("übernommen")
    ANSWERED = "answered", _("beantwortet")
    CLOSED = "closed", _("erledigt")
    SPAM = "spam", _("Spam")


class Origin(models.TextChoices):
    """How a request reached us."""

    FORM = "form", _("Formular")
    API = "api", _("Schnittstelle")
    PHONE = "phone", _("Telefon")


def new_reference() -> str:
    """Return a number for the telephone: eight characters in two groups."""
    word = "".join(secrets.choice(_LETTERS) for _index in range(8))
    return f"{word[:4]}-{word[4:]}"


def new_token() -> str:
    """Return the secret part of a status page's address: 192 random bits."""
    return secrets.token_urlsafe(24)


class ContactRequestQuerySet(models.QuerySet["ContactRequest"]):
    """Questions about contact requests."""

    def open(self) -> "ContactRequestQuerySet":
        """Return the requests that still wait for somebody, the oldest first."""
        return self.filter(state__in=OPEN_STATES).order_by("created_at")


class ContactRequest(models.Model):
    """A resident's message to a team."""

    reference = models.CharField(_("Nummer"), max_length=9, unique=True, default=new_reference)
    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    team = models.ForeignKey(
        Team, models.SET_NULL, null=True, blank=True, verbose_name=_("an das Team")
    )
    name = models.CharField(_("Name"), max_length=120)
    email = models.EmailField(_("E-Mail-Adresse"), blank=True)
    phone = models.CharField(_("Telefon"), max_length=40, blank=True)
    message = models.TextField(_("Nachricht"))
    language = models.CharField(_("Sprache"), max_length=5, default="de")
    origin = models.CharField(_("gekommen über"), max_length=8, choices=Origin, default=Origin.FORM)
    state = models.CharField(
        _("Stand"), max_length=10, choices=RequestState, default=RequestState.NEW
    )
    privacy_acknowledged_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(_("eingegangen am"), auto_now_add=True)
    taken_at = models.DateTimeField(_("übernommen am"), null=True, blank=True)
    taken_by = models.CharField(_("übernommen von"), max_length=254, blank=True)
    answered_at = models.DateTimeField(_("beantwortet am"), null=True, blank=True)
    closed_at = models.DateTimeField(_("erledigt am"), null=True, blank=True)
    idempotency_key = models.CharField(
        max_length=100, unique=True, null=True, blank=True, editable=False
    )
    idempotency_digest = models.CharField(max_length=64, blank=True, editable=False)

    objects: ClassVar = ContactRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("Kontaktanfrage")
        verbose_name_plural = _("Kontaktanfragen")
        ordering: ClassVar = ["-created_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(email="") | ~Q(phone=""),
                name="contact_email_or_phone",
                violation_error_message=_(
                    "Bitte geben Sie eine E-Mail-Adresse oder eine Telefonnummer an."
                ),
            ),
            models.CheckConstraint(
                condition=Q(state__in=RequestState.values), name="contact_state_known"
            ),
        ]
        indexes: ClassVar = [
            models.Index("created_at", name="contact_open", condition=Q(state__in=OPEN_STATES)),
        ]

    def __str__(self) -> str:
        return self.reference
