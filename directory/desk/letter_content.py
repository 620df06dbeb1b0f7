"""What stands in a letter: read in at most twelve statements, however long it is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Subquery
from django.http import Http404, HttpRequest
from django.utils import timezone

from directory.contact.models import ContactRequest
from directory.conversations import pen, reading, writing
from directory.conversations.models import Conversation, Draft, HeldMail, Turn
from directory.conversations.sorts import Sort, known_sort
from directory.pages.models import Text, TextKind
from wiq.inbound import mailboxes
from wiq.submissions.models import SUSPICIOUS, Submission
from wiq.tenancy import connection

# Whoever typed within this time is writing now.
WRITING = timedelta(minutes=5)
JOINABLE = 5


@dataclass(frozen=True)
class Letter:
    """A conversation with what it is about."""

    conversation: Conversation
    submission: Any
    sort: Sort

    @property
    def can_be_answered(self) -> bool:
        found = self.submission
        return bool(found.email and not found.anonymised_at and found.state != SUSPICIOUS)

    def context(self, request: HttpRequest, names: dict[int, str]) -> dict[str, Any]:
        """Return what the page shows of it to this account."""
        me = int(getattr(request.user, "pk", 0))
        drafts = list(Draft.objects.filter(conversation=self.conversation))
        mine = next((draft.text for draft in drafts if draft.account == me), "")
        templates = list(Text.objects.of(TextKind.MAIL)) if self.can_be_answered else []
        chosen = next((t for t in templates if t.slug == request.GET.get("vorlage")), None)
        filled = self.filled_in(chosen, str(request.user)) if chosen is not None else ""
        return {
            "letter": self,
            "conversation": self.conversation,
            "submission": self.submission,
            "state_label": self.sort.state_label(self.submission.state),
            "addressee": getattr(self.submission, "solution_team", None)
            or getattr(self.submission, "team", None),
            "entries": reading.entries_of(self.conversation),
            "in_charge": self.in_charge(names),
            "is_mine": self.conversation.assignee == me,
            "answer": "\n\n".join(part for part in (mine, filled) if part),
            "has_draft": bool(mine),
            "templates": templates,
            "writing": who_writes(drafts, me, names),
            "held": self.held(),
            "same_person": self.same_person(),
            "buttons": self.leading_on(self.sort.buttons),
            "decisions": self.leading_on(self.sort.decisions),
            "is_suspicious": self.submission.state == SUSPICIOUS,
            "is_done": self.conversation.turn == Turn.DONE,
            "can_be_answered": self.can_be_answered,
            "replies_come_here": mailboxes.is_open(),
        }

    def in_charge(self, names: dict[int, str]) -> str:
        """Return who is in charge: an account, or who took it by the link of a mail."""
        name = names.get(self.conversation.assignee or 0, "")
        by_link = self.conversation.assignee is None and self.submission.state == "taken"
        return name or (str(getattr(self.submission, "taken_by", "")) if by_link else "")

    def leading_on(self, buttons: Mapping[str, Any]) -> list[tuple[str, Any]]:
        """Return those buttons that lead somewhere from here."""
        return [
            (state, label)
            for state, label in buttons.items()
            if state != self.submission.state and self.may_become(state)
        ]

    def may_become(self, state: str) -> bool:
        """Tell whether a button leads to a state from here."""
        if self.submission.anonymised_at is not None or self.submission.state == SUSPICIOUS:
            return False
        allowed = getattr(self.submission, "may_become", None)
        return state == SUSPICIOUS or allowed is None or bool(allowed(state))

    def held(self) -> list[pen.Waiting]:
        """Return the mails that were held back; asked for only where there are some."""
        if not getattr(self.conversation, "has_held", False):
            return []
        return pen.waiting(HeldMail.objects.filter(conversation=self.conversation))

    def same_person(self) -> list[ContactRequest]:
        """Return the newest other open requests from the same address, else the same number."""
        found = self.submission
        if self.sort.join is None or not (found.email or found.phone):
            return []
        same = ContactRequest.objects.filter(phone=found.phone)
        others = ContactRequest.objects.from_address(found.email) if found.email else same
        others = others.open()
        return list(others.exclude(pk=self.submission.pk)[:JOINABLE])

    def filled_in(self, template: Text, me: str) -> str:
        """Return a template in her language, with its placeholders filled in."""
        is_english = self.submission.language == "en" and template.body_en
        text = template.body_en if is_english else template.body
        known = {
            "{name}": self.submission.name,
            "{nummer}": self.submission.reference,
            "{quartier}": connection.tenant.name,
            "{ich}": me,
        }
        for placeholder, value in known.items():
            text = text.replace(placeholder, value)
        return text


def who_writes(drafts: Iterable[Draft], me: int, names: dict[int, str]) -> list[str]:
    """Return the names of the others who are writing an answer now."""
    lately = timezone.now() - WRITING
    return [
        names[draft.account]
        for draft in drafts
        if draft.account != me and draft.at >= lately and draft.account in names
    ]


def letter_of(reference: str) -> Letter:
    """Return the letter with this number, or answer that it is not there."""
    held = HeldMail.objects.filter(conversation=OuterRef("pk"), done_at=None)
    before = Conversation.objects.filter(goes_on_in=OuterRef("pk")).order_by("-pk")
    found: Conversation | None = (
        reading.with_files(Conversation.objects.select_related("joined_to", "goes_on_in"))
        .annotate(has_held=Exists(held), was_before=Subquery(before.values("reference")[:1]))
        .filter(reference=reference)
        .first()
    )
    if found is None:
        raise Http404
    sort = known_sort(found)
    submission: Submission | None = _submission(sort, found)
    if submission is None:
        raise Http404
    writing.adopt(found, submission)
    return Letter(found, submission, sort)


def _submission(sort: Sort, conversation: Conversation) -> Any:
    names = [field.name for field in sort.model._meta.fields if field.name.endswith("team")]
    rows: Any = sort.model._default_manager.select_related(*names)
    return rows.filter(pk=conversation.about_id).first()
