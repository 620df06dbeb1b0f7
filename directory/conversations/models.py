"""Conversations: what happened between a resident and the team, in order.

Each request and each idea has one. Its row is what the inbox lists and searches, so that requests
and ideas stand in one list (docs/decisions/0074-conversations.md).
"""

import base64
import secrets
from typing import ClassVar, Self

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.conversations.absent import Absence as Absence
from directory.conversations.attachments import Attachment as Attachment
from directory.conversations.held_mails import HeldMail as HeldMail
from directory.conversations.held_mails import HeldReason as HeldReason
from directory.conversations.proofs import ResidentCode as ResidentCode
from directory.solutions.search import CONFIG
from wiq.declared import Leaves

TITLE_MAX = 120
# A mail that quotes others at length is still kept whole.
TEXT_MAX = 20_000


class Turn(models.TextChoices):
    """Who has to do something next."""

    OURS = "ours", _("wir sind dran")
    THEIRS = "theirs", _("wartet auf Antwort")
    DONE = "done", _("erledigt")
    SUSPICIOUS = "suspicious", _("verdächtig")


class EntryKind(models.TextChoices):
    """What an entry is."""

    MESSAGE = "message", _("Nachricht")
    ANSWER = "answer", _("Antwort")
    NOTE = "note", _("Notiz")
    CALL = "call", _("Gespräch")
    MOVE = "move", _("Neuer Stand")


# What the resident reads, too; the rest is for the team.
SAID_TO_THEM = (EntryKind.MESSAGE, EntryKind.ANSWER, EntryKind.MOVE)


class Via(models.TextChoices):
    """How words came in or went out."""

    PAGE = "page", _("über die Seite")
    API = "api", _("über die Schnittstelle")
    PHONE = "phone", _("angerufen")
    VISIT = "visit", _("vorbeigekommen")
    DISTRICT = "district", _("aus einem anderen Quartier")
    MAIL = "mail", _("per E-Mail")
    DESK = "desk", _("in der Koordination")
    AUTHORITY = "office", _("von einer Behörde")


BY_MAIL = (Via.MAIL, Via.AUTHORITY)


def new_reply_token() -> str:
    """Return the secret part of a reply address: 160 random bits, in lower case.

    Mail servers may fold the case of an address (RFC 5321, 2.4), so base32 (RFC 4648, 6).
    """
    return base64.b32encode(secrets.token_bytes(20)).decode().lower()


class Helped(models.TextChoices):
    """What a resident says about an answer; empty as long as nothing was said."""

    YES = "yes", _("ja")
    NO = "no", _("nein")


class ConversationQuerySet(models.QuerySet["Conversation"]):
    """Queries on conversations."""

    def about(self, target: models.Model) -> Self:
        """Return the conversation of one request or idea."""
        return self.filter(about_type=target._meta.label_lower, about_id=target.pk)

    def of(self, account: int) -> Self:
        """Return what one account has taken and has to go on with."""
        return self.filter(assignee=account, turn__in=(Turn.OURS, Turn.THEIRS))

    def nobodys(self) -> Self:
        """Return what somebody has to do and nobody has taken."""
        return self.filter(assignee=None, turn=Turn.OURS)

    def replied(self) -> Self:
        """Return what was answered last: by the resident after an answer, or by an authority."""
        return self.filter(turn=Turn.OURS, joined_to=None, replied=True)


class Conversation(models.Model):
    """What happened about one request or idea, and whose turn it is."""

    about_type = models.CharField(max_length=60)
    about_id = models.BigIntegerField()
    reference = models.CharField(_("Nummer"), max_length=9, unique=True)
    title = models.CharField(_("Worum es geht"), max_length=TITLE_MAX, blank=True)
    name = models.CharField(_("Name"), max_length=120, blank=True)
    state = models.CharField(_("Stand"), max_length=10)
    turn = models.CharField(_("wer ist dran"), max_length=10, choices=Turn, default=Turn.OURS)
    # The number of an account; names are read beside it.
    assignee = models.BigIntegerField(_("zuständig"), null=True, blank=True)
    opened_at = models.DateTimeField(_("eingegangen am"))
    # Since when it is the turn of whoever has it.
    since = models.DateTimeField(_("seit"), default=timezone.now)
    # The resident answered an answer and spoke last (last_word.py).
    replied = models.BooleanField(default=False, db_default=False, editable=False)
    # The resident reads only what came after: the address was corrected then, and nobody has said
    # yet that it is the same person's.
    seen_from = models.DateTimeField(_("Adresse berichtigt am"), null=True, blank=True)
    reply_token = models.CharField(
        max_length=32, unique=True, default=new_reply_token, editable=False
    )
    # What the district promised when this came.
    answer_by = models.DateField(_("Antwort bis"), null=True, blank=True, editable=False)
    # How many reminders went out since it is the team's turn, the alarm among them.
    reminded = models.SmallIntegerField(default=0, db_default=0, editable=False)
    # Told once that it takes longer, asked once whether the answer helped.
    told_late_at = models.DateTimeField(null=True, blank=True, editable=False)
    asked_helped_at = models.DateTimeField(null=True, blank=True, editable=False)
    helped = models.CharField(
        _("Hat das geholfen?"), max_length=3, choices=Helped, default="", db_default="",
        blank=True, editable=False,
    )  # fmt: skip
    joined_to = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="joined",
        verbose_name=_("gehört zu"),
    )  # fmt: skip
    # The request that an idea became, or the other way round: its mails are answered there.
    goes_on_in = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="came_from",
        editable=False, verbose_name=_("geht weiter in"),
    )  # fmt: skip
    # Everything that was written, folded for the search (directory.solutions.search).
    search_key = models.TextField(editable=False, default="", blank=True)
    search_vector = models.GeneratedField(
        expression=SearchVector("search_key", config=CONFIG),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects: ClassVar = ConversationQuerySet.as_manager()

    class Data:
        leaves = Leaves.PERSONAL
        visitors_see = False
        plain = (
            "about_type about_id reference state turn assignee opened_at since joined_to answer_by "
            "reminded told_late_at asked_helped_at helped seen_from goes_on_in"
        )
        # Who speaks, the sender's address says: the token opens nothing, and whatever is answered
        # to mails of the former place would be lost without it (decision 86).
        personal = "title name reply_token"
        derived = "search_key search_vector replied"

    class Meta:
        verbose_name = _("Verlauf")
        verbose_name_plural = _("Verläufe")
        ordering: ClassVar = ["since", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["about_type", "about_id"], name="conversation_once"),
            models.CheckConstraint(
                condition=Q(turn__in=Turn.values), name="conversation_turn_known"
            ),
        ]
        indexes: ClassVar = [
            models.Index("turn", "since", "id", name="conversation_turn"),
            models.Index(fields=["-since", "-id"], name="conversation_newest"),
            models.Index("assignee", "turn", "since", name="conversation_assignee"),
            models.Index("since", "id", condition=Q(replied=True), name="conversation_replied"),
            GinIndex("search_vector", name="conversation_words", fastupdate=False),
        ]

    def __str__(self) -> str:
        return self.reference


class ConversationEntry(models.Model):
    """One thing that was said or done."""

    conversation = models.ForeignKey(
        Conversation, models.CASCADE, related_name="entries", verbose_name=_("Verlauf")
    )
    kind = models.CharField(_("was"), max_length=8, choices=EntryKind)
    via = models.CharField(_("wie"), max_length=8, choices=Via, default=Via.DESK)
    text = models.TextField(_("Text"), blank=True, validators=[MaxLengthValidator(TEXT_MAX)])
    # What a mail quotes of earlier ones.
    quoted = models.TextField(_("zitiert"), blank=True)
    state = models.CharField(_("Stand danach"), max_length=10)
    made_by = models.CharField(_("wer"), max_length=254, blank=True)
    at = models.DateTimeField(_("wann"), default=timezone.now)
    # The authority that got it by mail, and may answer from there.
    written_to = models.EmailField(
        _("an die Behörde"), blank=True, default="", db_default="", editable=False
    )
    # The mail that carried it, and, of a mail that came in, what tells it from all others.
    mail_uuid = models.UUIDField(null=True, blank=True, editable=False)
    mail_digest = models.CharField(max_length=64, blank=True, default="", editable=False)
    # The step that it stands for, in the table of its room: an older version writes only those.
    step = models.BigIntegerField(null=True, blank=True, editable=False)

    class Data:
        leaves = Leaves.PERSONAL
        visitors_see = False
        plain = "conversation kind via state at mail_uuid step"
        personal = "text quoted made_by written_to"
        secrets = "mail_digest"

    class Meta:
        verbose_name = _("Eintrag im Verlauf")
        verbose_name_plural = _("Einträge im Verlauf")
        ordering: ClassVar = ["at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=EntryKind.values), name="conversation_entry_kind_known"
            ),
            models.UniqueConstraint(
                fields=["conversation", "step"], name="conversation_entry_step_once"
            ),
            # The same mail twice is one entry.
            models.UniqueConstraint(
                fields=["conversation", "mail_digest"],
                condition=~Q(mail_digest=""),
                name="conversation_entry_mail_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d}"


class Draft(models.Model):
    """An answer that somebody is writing. It is kept while typing, for its writer alone."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="drafts")
    account = models.BigIntegerField()
    text = models.TextField(blank=True, validators=[MaxLengthValidator(TEXT_MAX)])
    at = models.DateTimeField(default=timezone.now)

    class Data:
        leaves = Leaves.NEVER
        visitors_see = False
        plain = "conversation account at"
        personal = "text"

    class Meta:
        verbose_name = _("Entwurf")
        verbose_name_plural = _("Entwürfe")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["conversation", "account"], name="draft_once"),
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id}/{self.account}"
