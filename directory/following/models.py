"""Subscriptions to the news of the whole district or of one solution team."""

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.solutions.models import SolutionTeam
from wiq.declared import Leaves
from wiq.mail_addresses import is_at
from wiq.submissions.models import new_token

# Unconfirmed addresses are deleted after this time.
UNCONFIRMED_DAYS = 14


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    """Queries on subscriptions."""

    def to(self, solution_team: SolutionTeam | None) -> "SubscriptionQuerySet":
        """Return those to one solution team or, with None, to the whole district."""
        return self.filter(solution_team=solution_team)

    def from_address(self, email: str) -> "SubscriptionQuerySet":
        """Return the subscriptions of one e-mail address."""
        return self.filter(is_at("email", email))

    def confirmed(self) -> "SubscriptionQuerySet":
        """Return those that their owner has confirmed."""
        return self.filter(confirmed_at__isnull=False)

    def never_confirmed(self) -> "SubscriptionQuerySet":
        """Return those that were not confirmed in time."""
        before = timezone.now() - timedelta(days=UNCONFIRMED_DAYS)
        # Counted from the last question, whose link is good for as long.
        return self.filter(confirmed_at__isnull=True, asked_at__lt=before)


class Subscription(models.Model):
    """An address that gets news by mail once its owner has confirmed it (double opt-in)."""

    email = models.EmailField(_("E-Mail-Adresse"))
    solution_team = models.ForeignKey(
        SolutionTeam,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="subscriptions",
        verbose_name=_("Lösungsteam"),
    )
    language = models.CharField(_("Sprache"), max_length=5, default="de")
    token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    created_at = models.DateTimeField(_("angelegt am"), auto_now_add=True)
    asked_at = models.DateTimeField(_("gefragt am"), default=timezone.now)
    asked_times = models.PositiveSmallIntegerField(default=1, editable=False)
    # The honeypot caught it. It is kept, but gets no mail until a coordinator allows it.
    is_suspicious = models.BooleanField(_("Spam"), default=False, db_default=False)
    confirmed_at = models.DateTimeField(_("bestätigt am"), null=True, blank=True)
    # This address has got all news up to this moment.
    told_until = models.DateTimeField(_("zuletzt benachrichtigt am"), default=timezone.now)

    objects: ClassVar = SubscriptionQuerySet.as_manager()

    class Data:
        leaves = Leaves.PERSONAL
        visitors_see = False
        plain = (
            "solution_team language created_at asked_at asked_times is_suspicious confirmed_at "
            "told_until"
        )
        personal = "email"
        secrets = "token"

    class Meta:
        verbose_name = _("Bestellung der Neuigkeiten")
        verbose_name_plural = _("Bestellungen der Neuigkeiten")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                Lower("email"), "solution_team", name="subscription_once", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"
