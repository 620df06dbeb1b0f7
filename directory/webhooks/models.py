"""Webhooks: a district's own programs are told that a request or an idea came in."""

import uuid
from datetime import timedelta
from typing import ClassVar
from urllib.parse import urlsplit

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wiq.declared import Leaves

URL_MAX = 500
# How long a call is tried, and how long one that is over is kept.
GIVEN_UP_AFTER = timedelta(days=3)
KEPT = timedelta(days=30)


class Webhook(models.Model):
    """An address that is called. It and its key open doors elsewhere, so both are secrets."""

    url = models.CharField(_("Adresse"), max_length=URL_MAX)
    # Encrypted (wiq.signing.keys); shown once.
    secret = models.CharField(max_length=200, editable=False)
    created_at = models.DateTimeField(_("eingetragen am"), default=timezone.now)
    # While it does not answer, one call asks for all.
    failures = models.PositiveIntegerField(default=0)
    wait_until = models.DateTimeField(null=True, blank=True)

    class Data:
        # An imported district must not call whom it called elsewhere.
        leaves = Leaves.NEVER
        # The privacy notice says whether there are any.
        plain = "created_at failures wait_until"
        secrets = "url secret"

    class Meta:
        verbose_name = _("Webhook")
        verbose_name_plural = _("Webhooks")
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return self.host

    @property
    def host(self) -> str:
        """Return the name of the called server, which may be shown."""
        return urlsplit(self.url).hostname or ""


class CallState(models.TextChoices):
    """What became of a call."""

    WAITING = "waiting", _("wartet")
    DONE = "done", _("angekommen")
    FAILED = "failed", _("nicht angekommen")


class WebhookCallQuerySet(models.QuerySet["WebhookCall"]):
    """Queries on calls."""

    def failed(self) -> "WebhookCallQuerySet":
        """Return those that were given up, the newest first."""
        return self.filter(state=CallState.FAILED).order_by("-done_at", "-pk")

    def over(self) -> "WebhookCallQuerySet":
        """Return those that are kept no longer."""
        return self.filter(done_at__lt=timezone.now() - KEPT)


class WebhookCall(models.Model):
    """One call: what is said to one webhook about one request or idea."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="calls")
    event = models.CharField(max_length=40)
    # Empty for a trial.
    about_type = models.CharField(max_length=60, blank=True)
    about_id = models.BigIntegerField(null=True, blank=True)
    reference = models.CharField(_("Nummer"), max_length=9, blank=True)
    # What is sent, letter for letter at every try: number, kind, time and link.
    body = models.TextField()
    state = models.CharField(
        _("Stand"), max_length=10, choices=CallState, default=CallState.WAITING
    )
    answer = models.CharField(_("Antwort"), max_length=60, blank=True)
    created_at = models.DateTimeField(_("seit"), default=timezone.now)
    done_at = models.DateTimeField(_("erledigt am"), null=True, blank=True)

    objects: ClassVar = WebhookCallQuerySet.as_manager()

    class Data:
        leaves = Leaves.NEVER
        visitors_see = False
        plain = (
            "uuid webhook event about_type about_id reference body state answer created_at done_at"
        )

    class Meta:
        verbose_name = _("Aufruf")
        verbose_name_plural = _("Aufrufe")
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["webhook", "about_type", "about_id"], name="webhook_call_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.reference}".strip()
