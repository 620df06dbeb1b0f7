"""Applications of people who want WiQ in their quarter, and the decisions on them."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from tenants.provisioning.models import Order, OrderState
from wiq.declared import Leaves
from wiq.submissions.models import SUSPICIOUS, Submission, SubmissionQuerySet, SubmissionStep


class ApplicationState(models.TextChoices):
    """The states of an application, from its arrival to the decision."""

    UNCONFIRMED = "unconfirmed", _("noch nicht bestätigt")
    SUBMITTED = "submitted", _("eingereicht")
    ASKED_BACK = "asked_back", _("Rückfrage")
    APPROVED = "approved", _("angenommen")
    DECLINED = "declined", _("abgelehnt")
    SPAM = SUSPICIOUS, _("Spam")


# The states in which the project team may still decide.
OPEN_STATES = (ApplicationState.SUBMITTED, ApplicationState.ASKED_BACK)


class ApplicationQuerySet(SubmissionQuerySet["Application"]):
    """Queries on applications."""

    def open(self) -> "ApplicationQuerySet":
        """Return those that wait for a decision, the oldest first."""
        return self.filter(state__in=OPEN_STATES).order_by("created_at")

    def never_confirmed(self, since: datetime) -> "ApplicationQuerySet":
        """Return those whose address nobody proved, though nobody has been asked ``since``.

        Taken out of the spam folder, an application is asked for the first time.
        """
        asked = ApplicationStep.objects.filter(
            application=OuterRef("pk"), state=ApplicationState.UNCONFIRMED, at__gte=since
        )
        waiting = self.filter(state=ApplicationState.UNCONFIRMED, created_at__lt=since)
        return waiting.filter(~Exists(asked))


class Application(Submission):
    """A request for a new district, with its applicant and reasons."""

    district_name = models.CharField(_("Name des Quartiers"), max_length=120)
    slug = models.CharField(_("gewünschte Adresse"), max_length=40)
    city = models.CharField(_("Stadt"), max_length=120)
    organisation = models.CharField(_("Organisation"), max_length=200, blank=True)
    motivation = models.TextField(_("Warum „Wir im Quartier“?"))
    state = models.CharField(
        _("Stand"),
        max_length=12,
        choices=ApplicationState,
        default=ApplicationState.UNCONFIRMED,
        editable=False,
    )
    confirmed_at = models.DateTimeField(_("Adresse bestätigt am"), null=True, editable=False)
    order = models.OneToOneField(
        Order, models.SET_NULL, null=True, editable=False, related_name="application",
        verbose_name=_("Einrichtung"),
    )  # fmt: skip

    WAITING = (ApplicationState.UNCONFIRMED, *OPEN_STATES)
    FIRST_MAILS = ("application.new", "application.confirm")
    TEAM_LEARNS_LATER = (ApplicationState.UNCONFIRMED,)

    objects: ClassVar = ApplicationQuerySet.as_manager()

    class Data(Submission.Data):
        leaves = Leaves.NEVER
        plain = f"{Submission.Data.plain} district_name slug city state confirmed_at order"
        personal = f"{Submission.Data.personal} organisation motivation"

    class Meta:
        verbose_name = _("Anmeldung")
        verbose_name_plural = _("Anmeldungen")
        ordering: ClassVar = ["-created_at", "-pk"]
        constraints: ClassVar = [
            *Submission.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(state__in=ApplicationState.values),
                name="application_state_known",
            ),
        ]
        indexes: ClassVar = [*Submission.Meta.indexes]

    @property
    def has_failed(self) -> bool:
        """Tell whether it was approved but its district could not be created."""
        order = self.order
        return order is not None and order.state == OrderState.FAILED


class ApplicationStep(SubmissionStep):
    """One entry of an application's history, as the applicant reads it."""

    application = models.ForeignKey(
        Application, models.CASCADE, related_name="steps", verbose_name=_("Anmeldung")
    )
    state = models.CharField(_("Stand danach"), max_length=12, choices=ApplicationState)

    class Data(SubmissionStep.Data):
        leaves = Leaves.NEVER
        plain = f"{SubmissionStep.Data.plain} application state"

    @property
    def event(self) -> str:
        """What happened then; an application that is not confirmed yet was just sent."""
        if self.state == ApplicationState.UNCONFIRMED:
            return str(_("abgeschickt"))
        return super().event

    class Meta(SubmissionStep.Meta):
        verbose_name = _("Schritt")
        verbose_name_plural = _("Verlauf")
