"""What stands in a letter: read in at most twelve statements, however long it is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpRequest
from django.utils import timezone

from directory.contact.models import ContactRequest
from directory.conversations import pen, reading, writing
from directory.conversations.models import Conversation, Draft, HeldMail, Turn
from directory.conversations.sorts import Sort, known_sort
from directory.desk.inbox import names_of
from directory.pages.models import Text, TextKind
from wiq.database.together import Found, Wanted, columns_of, read_together
from wiq.inbound import mailboxes
from wiq.submissions.models import SUSPICIOUS
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

    def context(self, request: HttpRequest, colleagues: Sequence[Any]) -> dict[str, Any]:
        """Return what the page shows of it to this account."""
        names = names_of(colleagues)
        me = int(getattr(request.user, "pk", 0))
        drafts, templates, same, mails, files, *said = self.read()
        mine = next((draft.text for draft in drafts.rows if draft.account == me), "")
        chosen = next((t for t in templates.rows if t.slug == request.GET.get("vorlage")), None)
        filled = self.filled_in(chosen, str(request.user)) if chosen is not None else ""
        return {
            "letter": self,
            "conversation": self.conversation,
            "submission": self.submission,
            "state_label": self.sort.state_label(self.submission.state),
            "addressee": getattr(self.submission, "solution_team", None)
            or getattr(self.submission, "team", None),
            "entries": reading.shown(self.conversation, *said),
            "in_charge": self.in_charge(names),
            "is_mine": self.conversation.assignee == me,
            "answer": "\n\n".join(part for part in (mine, filled) if part),
            "has_draft": bool(mine),
            "templates": templates.rows,
            "writing": who_writes(drafts.rows, me, names),
            "held": pen.shown(mails, files, self.about(), list(colleagues)),
            "same_person": same.rows,
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

    def read(self) -> list[Found]:
        """Return what stands beside the words, and the entries, read together."""
        templates, others = Text.objects.none(), ContactRequest.objects.none()
        if self.can_be_answered:
            templates = Text.objects.of(TextKind.MAIL)
        if self.sort.join is not None:
            others = self.same_person()
        return read_together([
            Wanted(Draft.objects.filter(conversation=self.conversation), columns_of(Draft)),
            Wanted(templates, ("slug", "title", "body", "body_en")),
            Wanted(others, columns_of(ContactRequest), JOINABLE),
            *pen.wanted(HeldMail.objects.filter(conversation=self.conversation)),
            *reading.wanted(self.conversation),
        ])  # fmt: skip

    def same_person(self) -> Any:
        """Return the newest other open requests from the same address, else the same number."""
        found = self.submission
        if not (found.email or found.phone):
            return ContactRequest.objects.none()
        same = ContactRequest.objects.filter(phone=found.phone)
        others = ContactRequest.objects.from_address(found.email) if found.email else same
        return others.open().exclude(pk=found.pk)

    def about(self) -> dict[tuple[str, int], Any]:
        """Return what the letter is about, by kind and number."""
        return {(self.conversation.about_type, self.conversation.about_id): self.submission}

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
    before = Conversation.objects.filter(goes_on_in=OuterRef("pk")).order_by("-pk")
    rows = Conversation.objects.select_related("joined_to", "goes_on_in")
    rows = rows.annotate(was_before=Subquery(before.values("reference")[:1]))
    found: Conversation | None = rows.filter(reference=reference).first()
    if found is None:
        raise Http404
    sort = known_sort(found)
    rows_about = writing.with_new_steps(pen.submissions(sort), found)
    submission = rows_about.filter(pk=found.about_id).first()
    if submission is None:
        raise Http404
    if submission.has_new_steps:
        writing.adopt(found, submission)
    return Letter(found, submission, sort)
