"""The rows of conversations: opened with the first words, with an entry for each step."""

from typing import Any

from django.db import models, transaction
from django.utils import timezone

from directory.conversations import last_word, promises
from directory.conversations.models import (
    Attachment,
    Conversation,
    ConversationEntry,
    EntryKind,
    Via,
)
from directory.conversations.searching import key_of
from directory.conversations.sorts import Sort, known_sort, sort_of, sorts
from wiq.audit import records
from wiq.submissions.models import Origin, StepKind, Submission, SubmissionStep

TITLE = 80
# More does not come in while a new version is brought out; the night looks through all.
LATELY_MOST = 200
VIA = {
    Origin.FORM: Via.PAGE,
    Origin.API: Via.API,
    Origin.PHONE: Via.PHONE,
    Origin.MAIL_LINK: Via.PAGE,
    Origin.VISIT: Via.VISIT,
    Origin.DISTRICT: Via.DISTRICT,
}
# Somebody of the team wrote down what the resident said.
SPOKEN = (Origin.PHONE, Origin.VISIT)
KINDS = {
    StepKind.MOVE: EntryKind.MOVE,
    StepKind.MESSAGE: EntryKind.ANSWER,
    StepKind.REPLY: EntryKind.MESSAGE,
}


@transaction.atomic
def conversation_of(submission: Submission) -> Conversation:
    """Return the conversation of a request or idea, with an entry for every step it has.

    Opens it where an older version of the platform, which knows none, took the submission in.
    """
    found = Conversation.objects.about(submission).first() or _open(submission)
    adopt(found, submission)
    return found


def adopt(conversation: Conversation, submission: Submission) -> None:
    """Write the entries of steps that have none: new ones, and those of an older version."""
    if conversation.joined_to_id is not None:
        return
    missing = list(_without_entry(submission, conversation))
    # Mostly there are none, and whoever only reads begins no transaction.
    if missing:
        with transaction.atomic():
            for step in missing:
                _write_step(conversation, submission, step)


def with_new_steps(rows: Any, conversation: Conversation) -> Any:
    """Return submissions of a queryset that know whether they have steps without an entry."""
    steps = rows.model._meta.get_field("steps")
    known = conversation.entries.filter(step__isnull=False).values("step")
    new = steps.related_model._default_manager.filter(**{steps.field.name: models.OuterRef("pk")})
    return rows.annotate(has_new_steps=models.Exists(new.exclude(pk__in=known)))


def _open(submission: Submission) -> Conversation:
    sort = known_sort(submission)
    conversation, is_new = Conversation.objects.get_or_create(
        about_type=sort.kind,
        about_id=submission.pk,
        defaults={
            "reference": submission.reference,
            "title": shortened(sort.title(submission)),
            "name": submission.name,
            "state": submission.state,
            "turn": sort.turns[submission.state],
            "opened_at": submission.created_at,
            "since": submission.created_at,
            "answer_by": promises.made_for(submission),
        },
    )
    if is_new:
        first = _without_entry(submission, conversation).first()
        is_call = submission.origin in SPOKEN
        ConversationEntry.objects.create(
            conversation=conversation,
            kind=EntryKind.CALL if is_call else EntryKind.MESSAGE,
            via=VIA[Origin(submission.origin)],
            text=sort.words(submission),
            state=first.state if first else submission.state,
            made_by=first.made_by if first else "",
            at=submission.created_at,
            # It arrived with its first state, which is no move.
            step=first.pk if first and first.kind == StepKind.MOVE else None,
        )
        index(conversation, submission)
    return conversation


def shortened(text: str) -> str:
    """Return the beginning of a text, for a list."""
    words = " ".join(text.split())
    return words if len(words) <= TITLE else words[:TITLE].rsplit(" ", 1)[0] + " …"


def _without_entry(submission: Submission, conversation: Conversation) -> Any:
    known = conversation.entries.filter(step__isnull=False).values("step")
    return submission.steps.exclude(pk__in=known).order_by("at", "pk")


def _write_step(conversation: Conversation, submission: Submission, step: Any) -> ConversationEntry:
    kind = KINDS[StepKind(step.kind)]
    return write(
        conversation, submission, kind, text=step.note, made_by=step.made_by, state=step.state,
        via=Via.PAGE if kind == EntryKind.MESSAGE else Via.DESK, at=step.at, step=step.pk,
    )  # fmt: skip


def write(
    conversation: Conversation, submission: Submission, kind: EntryKind, *, text: str,
    made_by: str, **more: Any,
) -> ConversationEntry:  # fmt: skip
    """Add an entry, and note the state of the submission on the conversation."""
    entry = ConversationEntry(
        conversation=conversation, kind=kind, text=text, made_by=made_by,
        **{"state": submission.state, **more},
    )  # fmt: skip
    records.tidy(entry)
    entry.full_clean(validate_constraints=False)
    entry.save()
    if kind in last_word.KINDS or entry.via == Via.AUTHORITY:
        last_word.note(conversation)
    note_state(conversation, submission)
    index(conversation, submission)
    return entry


def note_state(conversation: Conversation, submission: Submission) -> None:
    """Keep on the row what the inbox lists: the state, and whose turn it is since when."""
    turn = known_sort(submission).turns[submission.state]
    if turn != conversation.turn:
        conversation.turn, conversation.since = turn, timezone.now()
        conversation.reminded = 0
    conversation.state = submission.state
    conversation.save(update_fields=["turn", "since", "reminded", "state"])


def index(conversation: Conversation, submission: Submission) -> None:
    """Keep on the row what the search compares."""
    conversation.search_key = key_of(conversation, submission)
    conversation.save(update_fields=["search_key"])


def index_again(conversation: Conversation) -> None:
    """Keep anew what the search compares, after a mail that waits came or went."""
    submission = submission_of(conversation)
    if submission is not None:
        index(conversation, submission)


def index_all() -> None:
    """Make every search key anew, after an import."""
    for conversation in Conversation.objects.order_by("pk").iterator():
        submission = submission_of(conversation)
        if submission is not None:
            index(conversation, submission)


def submission_of(conversation: Conversation) -> Submission | None:
    """Return the request or idea that a conversation is about."""
    sort = known_sort(conversation)
    found: Submission | None = sort.model._default_manager.filter(pk=conversation.about_id).first()
    return found


def goes_on(conversation: Conversation) -> Conversation:
    """Return where a conversation goes on: itself, where it was joined, or what was made of it."""
    met, found = {conversation.pk}, conversation
    while (following := found.joined_to or found.goes_on_in) is not None:
        if following.pk in met:
            break
        met.add(following.pk)
        found = following
    return found


def spoken_of(submission: Submission) -> Submission:
    """Return where a request or idea is talked about: the one it was joined to, else itself."""
    other = conversation_of(submission).joined_to
    return submission if other is None else submission_of(other) or submission


def follow(submission: Submission, step: SubmissionStep) -> None:
    """Write the entry of a new step (``wiq.submissions.services.followers``)."""
    if sort_of(submission) is not None:
        conversation_of(submission)


@transaction.atomic
def forget(submission: Submission) -> None:
    """Erase what a conversation holds of its resident; kinds, times and states stay."""
    if sort_of(submission) is None:
        return
    for conversation in Conversation.objects.about(submission):
        conversation.entries.update(text="", quoted="", made_by="", written_to="", mail_digest="")
        Attachment.objects.of(conversation).delete()
        conversation.drafts.all().delete()
        conversation.held.all().delete()
        conversation.resident_codes.all().delete()
        conversation.title = conversation.name = conversation.search_key = ""
        conversation.save(update_fields=["title", "name", "search_key"])


def missing(sort: Sort, *, since: Any = None) -> models.QuerySet[Any]:
    """Return the submissions that came in without a conversation: an older version took them.

    With ``since``, those of the last ones that came in after that moment.
    """
    known = Conversation.objects.filter(about_type=sort.kind, about_id=models.OuterRef("pk"))
    everything = sort.model._default_manager
    rows = everything.filter(~models.Exists(known), anonymised_at__isnull=True)
    if since is None:
        return rows
    # By their keys, so that those of years are not read for those of hours.
    newest = everything.order_by("-pk").values("pk")[:LATELY_MOST]
    return rows.filter(created_at__gte=since, pk__in=newest)


def catch_up(*, since: Any = None) -> int:
    """Open the conversations that are missing, and return how many there were."""
    found = [row for sort in sorts_in_order() for row in missing(sort, since=since)]
    for row in found:
        conversation_of(row)
    return len(found)


def sorts_in_order() -> list[Sort]:
    """Return the sorts, requests first."""
    return sorted(sorts, key=lambda sort: sort.name, reverse=True)
