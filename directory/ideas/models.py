"""Ideas from residents, and their way to a solution team."""

from typing import ClassVar

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from directory.solutions.models import SolutionTeam
from wiq.submissions.models import SUSPICIOUS, Submission, SubmissionQuerySet, SubmissionStep

TITLE_MAX, PLACE_MAX = 120, 200


class IdeaState(models.TextChoices):
    """The states of an idea, from its arrival to the decision."""

    RECEIVED = "received", _("eingegangen")
    REVIEW = "review", _("in Prüfung")
    NEEDS_INFO = "needs_info", _("Rückfrage")
    ACCEPTED = "accepted", _("angenommen")
    DECLINED = "declined", _("abgelehnt")
    WITHDRAWN = "withdrawn", _("zurückgezogen")
    SPAM = SUSPICIOUS, _("Spam")


# The allowed moves: the support team prepares, the steering team decides.
MOVES: dict[str, tuple[str, ...]] = {
    IdeaState.RECEIVED: (IdeaState.REVIEW, IdeaState.WITHDRAWN),
    IdeaState.REVIEW: (
        IdeaState.NEEDS_INFO,
        IdeaState.ACCEPTED,
        IdeaState.DECLINED,
        IdeaState.WITHDRAWN,
    ),
    IdeaState.NEEDS_INFO: (IdeaState.REVIEW, IdeaState.WITHDRAWN),
    IdeaState.ACCEPTED: (),
    IdeaState.DECLINED: (),
    IdeaState.WITHDRAWN: (),
    IdeaState.SPAM: (),
}
OPEN_STATES = tuple(state for state, moves in MOVES.items() if moves)


class Help(models.TextChoices):
    """Whether the person wants to help realise the idea."""

    YES = "yes", _("Ja, ich möchte mitmachen")
    MAYBE = "maybe", _("Vielleicht, ich möchte erst mehr wissen")
    NO = "no", _("Nein, ich möchte nur die Idee weitergeben")


class IdeaQuerySet(SubmissionQuerySet["Idea"]):
    """Queries on ideas."""

    def open(self) -> "IdeaQuerySet":
        """Return the open ideas, the oldest first."""
        return self.filter(state__in=OPEN_STATES).order_by("created_at")


class Idea(Submission):
    """A resident's idea. It is never public; its bringer follows it on a secret page."""

    title = models.CharField(_("Worum geht es?"), max_length=TITLE_MAX)
    description = models.TextField(_("Die Idee"), validators=[MaxLengthValidator(5000)])
    place = models.CharField(_("Ort in Worten"), max_length=PLACE_MAX, blank=True)
    wants_to_help = models.CharField(
        _("Selbst mitmachen"), max_length=5, choices=Help, default=Help.MAYBE
    )
    state = models.CharField(
        _("Stand"), max_length=10, choices=IdeaState, default=IdeaState.RECEIVED, editable=False
    )
    solution_team = models.OneToOneField(
        SolutionTeam,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="idea",
        verbose_name=_("Lösungsteam daraus"),
    )

    WAITING = OPEN_STATES
    FIRST_MAILS = ("ideas.team.new", "ideas.bringer.received")

    objects: ClassVar = IdeaQuerySet.as_manager()

    class Data(Submission.Data):
        plain = f"{Submission.Data.plain} wants_to_help state solution_team"
        personal = f"{Submission.Data.personal} title description place"

    class Meta:
        verbose_name = _("Idee")
        verbose_name_plural = _("Ideen")
        ordering: ClassVar = ["-created_at", "-pk"]
        constraints: ClassVar = [
            *Submission.Meta.constraints,
            models.CheckConstraint(
                condition=Q(state__in=IdeaState.values), name="idea_state_known"
            ),
        ]
        indexes: ClassVar = [
            *Submission.Meta.indexes,
            models.Index("created_at", name="idea_open", condition=Q(state__in=OPEN_STATES)),
        ]

    def may_become(self, state: str) -> bool:
        """Tell whether the idea may move to this state."""
        return state in MOVES[self.state]


class IdeaStep(SubmissionStep):
    """One entry of an idea's history, as its bringer reads it."""

    idea = models.ForeignKey(Idea, models.CASCADE, related_name="steps", verbose_name=_("Idee"))
    state = models.CharField(_("Stand danach"), max_length=10, choices=IdeaState)

    class Data(SubmissionStep.Data):
        plain = f"{SubmissionStep.Data.plain} idea state"

    class Meta(SubmissionStep.Meta):
        verbose_name = _("Schritt")
        verbose_name_plural = _("Verlauf")
