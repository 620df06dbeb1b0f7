"""Contact requests: a resident's message, its recipient and its state."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from directory.people.models import Team
from directory.solutions.models import SolutionTeam
from wiq.declared import Leaves
from wiq.signing.mailed_codes import MailedCode
from wiq.submissions.models import SUSPICIOUS, Submission, SubmissionQuerySet, SubmissionStep

OPEN_STATES = ("new", "taken")


class RequestState(models.TextChoices):
    """The states of a contact request, in their order."""

    NEW = "new", _("eingegangen")
    TAKEN = "taken", _("übernommen")
    ANSWERED = "answered", _("beantwortet")
    CLOSED = "closed", _("erledigt")
    SPAM = SUSPICIOUS, _("Spam")


class RequestKind(models.TextChoices):
    """The kinds of requests."""

    MESSAGE = "message", _("Nachricht")
    JOIN = "join", _("Mitmachen")
    CHANGE = "change", _("Änderung melden")
    BARRIER = "barrier", _("Barriere melden")
    ATTEND = "attend", _("Anmeldung zu einem Termin")


# The kinds that residents may choose; a change is only reported through a link in a mail, and an
# occasion says by itself that somebody registers for it.
ASKED_FOR = (RequestKind.MESSAGE, RequestKind.JOIN, RequestKind.BARRIER)


class ContactRequestQuerySet(SubmissionQuerySet["ContactRequest"]):
    """Queries on contact requests."""

    def open(self) -> "ContactRequestQuerySet":
        """Return the open requests, the oldest first."""
        return self.filter(state__in=OPEN_STATES).order_by("created_at")


class ContactRequest(Submission):
    """A resident's message to a team or a solution team."""

    # Not a column: annotated by the list at the desk.
    mail_states: list[str]

    kind = models.CharField(
        _("Anliegen"), max_length=8, choices=RequestKind, default=RequestKind.MESSAGE
    )
    team = models.ForeignKey(
        Team, models.SET_NULL, null=True, blank=True, verbose_name=_("an das Team")
    )
    solution_team = models.ForeignKey(
        SolutionTeam,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="contact_requests",
        verbose_name=_("an das Lösungsteam"),
    )
    # In German: what it is about, where the page of something led here
    # (wiq/submissions/occasions.py).
    occasion = models.CharField(_("Wozu"), max_length=300, blank=True, db_default="", default="")
    message = models.TextField(_("Nachricht"))
    state = models.CharField(
        _("Stand"), max_length=10, choices=RequestState, default=RequestState.NEW
    )
    taken_at = models.DateTimeField(_("übernommen am"), null=True, blank=True)
    taken_by = models.CharField(_("übernommen von"), max_length=254, blank=True)
    answered_at = models.DateTimeField(_("beantwortet am"), null=True, blank=True)
    closed_at = models.DateTimeField(_("erledigt am"), null=True, blank=True)

    WAITING = OPEN_STATES

    @property
    def is_registration(self) -> bool:
        """Whether somebody registers for a date; pages and mails call it so."""
        return self.kind == RequestKind.ATTEND

    FIRST_MAILS = ("contact.team", "contact.confirmation")

    objects: ClassVar = ContactRequestQuerySet.as_manager()

    class Data(Submission.Data):
        plain = (
            f"{Submission.Data.plain} kind occasion team solution_team state taken_at "
            "answered_at closed_at"
        )
        personal = f"{Submission.Data.personal} message taken_by"

    class Meta:
        verbose_name = _("Kontaktanfrage")
        verbose_name_plural = _("Kontaktanfragen")
        ordering: ClassVar = ["-created_at", "-pk"]
        constraints: ClassVar = [
            *Submission.Meta.constraints,
            models.CheckConstraint(
                condition=Q(state__in=RequestState.values), name="contact_state_known"
            ),
        ]
        indexes: ClassVar = [
            *Submission.Meta.indexes,
            models.Index("created_at", name="contact_open", condition=Q(state__in=OPEN_STATES)),
        ]


class ContactStep(SubmissionStep):
    """One entry of a request's history."""

    contact_request = models.ForeignKey(
        ContactRequest, models.CASCADE, related_name="steps", verbose_name=_("Kontaktanfrage")
    )
    state = models.CharField(_("Stand danach"), max_length=10, choices=RequestState)

    class Data(SubmissionStep.Data):
        plain = f"{SubmissionStep.Data.plain} contact_request state"

    class Meta(SubmissionStep.Meta):
        verbose_name = _("Schritt")
        verbose_name_plural = _("Verlauf")


class MailboxProof(models.Model):
    """A code that was mailed to the requests' mailbox; typing it in proves that it is read."""

    email = models.EmailField(_("E-Mail-Adresse"))
    code_hash = models.CharField(max_length=64)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(_("geschickt am"), auto_now_add=True)
    proven_at = models.DateTimeField(_("bestätigt am"), null=True)

    class Data:
        leaves = Leaves.NEVER
        visitors_see = False
        plain = "attempts created_at proven_at"
        personal = "email"
        secrets = "code_hash"

    class Meta:
        verbose_name = _("bestätigtes Postfach")
        verbose_name_plural = _("bestätigte Postfächer")

    def __str__(self) -> str:
        return self.email


class LinkCode(MailedCode):
    """A code that was mailed to the mailbox of a link, so that the link may act once."""

    contact_request = models.ForeignKey(ContactRequest, models.CASCADE, related_name="codes")
    # Which of the team's mails; it stands in the link as well.
    recipient = models.PositiveSmallIntegerField()

    class Data:
        leaves = Leaves.NEVER
        visitors_see = False
        plain = "contact_request recipient attempts created_at used_at"
        secrets = "code_hash"

    class Meta:
        verbose_name = _("Code zu einem Link")
        verbose_name_plural = _("Codes zu Links")

    def __str__(self) -> str:
        return f"{self.contact_request_id}/{self.recipient}"


class ReferralState(models.TextChoices):
    """How far it is with giving a request to another district."""

    ASKED = "asked", _("gefragt")
    AGREED = "agreed", _("zugestimmt")
    DECLINED = "declined", _("abgelehnt")
    CARRIED = "carried", _("weitergegeben")


class Referral(models.Model):
    """A request that is to go to another district, once its resident has agreed."""

    contact_request = models.ForeignKey(ContactRequest, models.CASCADE, related_name="referrals")
    # The other district's number; the public schema may lie on another server.
    district = models.BigIntegerField()
    district_name = models.CharField(_("an das Quartier"), max_length=120)
    note = models.TextField(_("Notiz"), blank=True)
    state = models.CharField(
        _("Stand"), max_length=8, choices=ReferralState, default=ReferralState.ASKED
    )
    made_by = models.CharField(_("wer"), max_length=254)
    asked_at = models.DateTimeField(_("gefragt am"), auto_now_add=True)
    answered_at = models.DateTimeField(_("beantwortet am"), null=True, blank=True)
    # The number that the request has there.
    carried_as = models.CharField(_("Nummer dort"), max_length=9, blank=True)

    class Data:
        leaves = Leaves.NEVER
        visitors_see = False
        plain = "contact_request district district_name state asked_at answered_at carried_as"
        personal = "note made_by"

    class Meta:
        verbose_name = _("Weitergabe an ein anderes Quartier")
        verbose_name_plural = _("Weitergaben an andere Quartiere")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=ReferralState.values), name="referral_state_known"
            ),
            models.UniqueConstraint(
                fields=["contact_request"],
                condition=Q(state__in=(ReferralState.ASKED, ReferralState.AGREED)),
                name="referral_open_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contact_request_id} → {self.district_name}"
