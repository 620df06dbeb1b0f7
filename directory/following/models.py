"""Who wants to be told what is new, in the whole district or with one solution team."""

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.solutions.models import SolutionTeam
from wiq.declared import Leaves
from wiq.submissions.models import new_token

# Whoever does not confirm an address is forgotten after this time.
UNCONFIRMED_DAYS = 14


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    """Questions about subscriptions."""

    def to(self, solution_team: SolutionTeam | None) -> "SubscriptionQuerySet":
        """Return those to one solution team or, with none, to the whole district."""
        return self.filter(solution_team=solution_team)

    def from_address(self, email: str) -> "SubscriptionQuerySet":
        """Return everything one e-mail address is subscribed to."""
        return self.filter(email__iexact=email)

    def confirmed(self) -> "SubscriptionQuerySet":
        """Return those whose owner has said yes."""
        return self.filter(confirmed_at__isnull=False)

    def never_confirmed(self) -> "SubscriptionQuerySet":
        """Return those that nobody confirmed in time."""
        before = timezone.now() - timedelta(days=UNCONFIRMED_DAYS)
        return self.filter(confirmed_at__isnull=True, created_at__lt=before)


class Subscription(models.Model):
    """An address that news are mailed to, once its owner has confirmed it (double opt-in)."""

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
    # The honeypot caught it: kept, and nobody is asked until somebody at the desk has looked.
    is_suspicious = models.BooleanField(_("Spam"), default=False, db_default=False)
    confirmed_at = models.DateTimeField(_("bestätigt am"), null=True, blank=True)
    # Up to which moment this address knows what is new.
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
        verbose_name = _("Abonnement")
        verbose_name_plural = _("Abonnements")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                Lower("email"), "solution_team", name="subscription_once", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"
