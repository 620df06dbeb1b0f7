"""A person's consent to be shown, and the condition that it is valid."""

from typing import ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from directory.people.choices import ConsentBasis, ConsentChannel, ConsentScope
from directory.people.dates import today
from wiq.declared import Leaves
from wiq.tenancy import connection


class ConsentQuerySet(models.QuerySet["Consent"]):
    """Queries on consents."""

    def valid(self) -> "ConsentQuerySet":
        """Return the consents that are valid today.

        People found on another public page but never asked (no ``given_on``) are shown in demo
        districts only.
        """
        in_force = self.filter(withdrawn_on__isnull=True)
        if getattr(connection.tenant, "is_demo", False):
            return in_force.filter(Q(given_on__isnull=True) | Q(given_on__lte=today()))
        return in_force.filter(given_on__lte=today())

    def to_be_asked_for(self) -> "ConsentQuerySet":
        """Return the consents that the desk lists as "Einwilligung einholen"."""
        return self.filter(given_on__isnull=True, withdrawn_on__isnull=True)


def agreed(scope: ConsentScope, person: str) -> Exists:
    """Return the condition that the person in a row's column ``person`` agreed to be shown."""
    return Exists(Consent.objects.valid().filter(scope=scope, person=OuterRef(person)))


class Consent(models.Model):
    """A person's consent to show something: given, perhaps withdrawn, never deleted."""

    person = models.ForeignKey(
        "people.Person", models.CASCADE, related_name="consents", verbose_name=_("Person")
    )
    scope = models.CharField(_("wofür"), max_length=10, choices=ConsentScope)
    text_version = models.CharField(_("Fassung des Textes"), max_length=20, default="1")
    basis = models.CharField(
        _("Grundlage"), max_length=20, choices=ConsentBasis, default=ConsentBasis.DECLARATION
    )
    given_how = models.CharField(
        _("gegeben wie"), max_length=10, choices=ConsentChannel, blank=True
    )
    given_on = models.DateField(_("gegeben am"), null=True, blank=True)
    withdrawn_on = models.DateField(_("widerrufen am"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("eingetragen am"), auto_now_add=True)

    objects: ClassVar = ConsentQuerySet.as_manager()

    class Data:
        leaves = Leaves.PERSONAL
        plain = "person scope text_version basis given_how given_on withdrawn_on recorded_at"

    class Meta:
        verbose_name = _("Einwilligung")
        verbose_name_plural = _("Einwilligungen")
        ordering: ClassVar = ["person", "scope", "-recorded_at"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(given_on__isnull=False, given_how__gt="")
                | Q(given_on__isnull=True, given_how=""),
                name="consent_given_says_how",
                violation_error_message=_("Bitte angeben, wann und wie eingewilligt wurde."),
            ),
            models.CheckConstraint(
                condition=Q(basis=ConsentBasis.PUBLISHED_SOURCE) | Q(given_on__isnull=False),
                name="consent_declared_has_a_date",
                violation_error_message=_("Eine Einwilligung braucht ein Datum."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_scope_display()}"
