"""The conversation of a request or idea in the API: read, answered, with notes."""

from typing import Any

from django.core.exceptions import ValidationError as RuleError
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from api.permissions import may
from api.writing import account_of, read
from directory.conversations import reading, services
from directory.conversations.models import Conversation, EntryKind, Via
from directory.conversations.sorts import known_sort
from directory.conversations.writing import conversation_of, spoken_of
from wiq.accounts.models import User
from wiq.submissions import reading as submissions
from wiq.submissions.models import Submission


class EntrySerializer(serializers.Serializer[Any]):
    """One entry of a conversation, oldest first; ``state`` is that of its mail."""

    id = serializers.IntegerField(source="entry.pk")
    kind = serializers.ChoiceField(source="entry.kind", choices=EntryKind.choices)
    at = serializers.DateTimeField(source="entry.at")
    by = serializers.CharField(source="entry.made_by")
    text = serializers.CharField(source="entry.text")
    state = serializers.SerializerMethodField()

    def get_state(self, shown: reading.Shown) -> str:
        """Return the state of the mail; of a move, the state that it led to."""
        return shown.entry.state if shown.entry.kind == EntryKind.MOVE else shown.fate


class WordsSerializer(serializers.Serializer[Any]):
    """What to answer or to note."""

    text = serializers.CharField(trim_whitespace=False)


class MayAnswer(BasePermission):
    """Allows tokens that may change what is talked about."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return may(request, "change", view.model)


def with_assignee(rows: "QuerySet[Any]", kind: str) -> "QuerySet[Any]":
    """Return rows with the address of whoever is in charge, in the same statement."""
    conversations = Conversation.objects.filter(about_type=kind, about_id=OuterRef("pk"))
    numbered = rows.annotate(assignee_number=Subquery(conversations.values("assignee")[:1]))
    accounts = User.objects.filter(pk=OuterRef("assignee_number"))
    found: QuerySet[Any] = numbered.annotate(assignee=Subquery(accounts.values("email")[:1]))
    return found


def entries(submission: Submission) -> Any:
    """Return the entries of a conversation as the API shows them.

    Of one that was joined to another, those of the other, where all of them stand; the page of the
    desk leads there as well.
    """
    shown = reading.entries_of(conversation_of(spoken_of(submission)))
    return EntrySerializer(shown, many=True).data


def joined_to(submission: Submission) -> str | None:
    """Return the number of the one that a submission was joined to, if it was."""
    other = conversation_of(submission).joined_to
    return other.reference if other is not None else None


def assign(submission: Submission, email: str | None, request: Request) -> None:
    """Give a request or idea to an account, or to nobody. Raises ValidationError."""
    account = services.colleague(email) if email else None
    if email and account is None:
        raise RuleError({"assignee": [_("Dieses Konto kann hier nichts übernehmen.")]})
    try:
        known_sort(submission).assign(submission, to=account, actor=account_of(request))
    except RuleError as refused:
        raise RuleError({"assignee": refused.messages}) from refused


class Conversing:
    """Answers and notes of whatever has a conversation; mixed into a view set."""

    RULES_ARE_ABOUT = {"POST": "text"}  # noqa: RUF012

    def get_object(self) -> Any:
        """Return one; of a joined one the log also notes that the other was read."""
        view: Any = self
        above: Any = super()
        asked: Submission = above.get_object()
        shown = spoken_of(asked)
        if shown.pk != asked.pk:
            submissions.note(shown, actor=account_of(view.request))
        return asked

    @extend_schema(request=WordsSerializer, responses={201: EntrySerializer})
    @action(detail=True, methods=["post"], permission_classes=[MayAnswer], throttle_classes=[])
    def answers(self, request: Request, reference: str) -> Response:
        """Mail an answer to the resident."""
        submission = spoken_of(self.get_object())
        text = read(WordsSerializer, request)["text"]
        answer = known_sort(submission).answer
        entry = answer(submission, text=text, actor=account_of(request), via=Via.API)
        return _told(submission, entry.pk)

    @extend_schema(request=WordsSerializer, responses={201: EntrySerializer})
    @action(detail=True, methods=["post"], permission_classes=[MayAnswer], throttle_classes=[])
    def notes(self, request: Request, reference: str) -> Response:
        """Note something that only the team reads."""
        submission = spoken_of(self.get_object())
        text = read(WordsSerializer, request)["text"]
        entry = services.note(submission=submission, text=text, actor=account_of(request))
        return _told(submission, entry.pk)


def _told(submission: Submission, number: int) -> Response:
    shown = reading.entries_of(conversation_of(submission))
    entry = next(one for one in shown if one.entry.pk == number)
    return Response(EntrySerializer(entry).data, status=status.HTTP_201_CREATED)
