"""Makes conversations of the requests and ideas that were there before, for the migrations.

Works with the models of a migration (``apps``), in one district's schema.
"""

from collections.abc import Callable, Mapping
from typing import Any

from directory.conversations.models import new_reply_token
from directory.solutions.search import fold

BATCH = 500
VIA = {"form": "page", "api": "api", "phone": "phone", "link": "page"}
KINDS = {"move": "move", "message": "answer", "reply": "message"}


def make(
    apps: Any, label: str, *, turns: Mapping[str, str], words: Callable[[Any], str],
    title: Callable[[Any], str],
) -> None:  # fmt: skip
    """Open a conversation for each row of one model, with an entry for each of its steps."""
    conversations = apps.get_model("conversations", "Conversation")
    entries = apps.get_model("conversations", "ConversationEntry")
    known = set(conversations.objects.filter(about_type=label).values_list("about_id", flat=True))
    rows = apps.get_model(label).objects.order_by("pk").prefetch_related("steps")
    batch: list[tuple[Any, Any]] = []

    def write() -> None:
        conversations.objects.bulk_create([conversation for conversation, _row in batch])
        entries.objects.bulk_create(
            [
                entries(conversation=conversation, **values)
                for conversation, row in batch
                for values in _entries(row, words(row))
            ]
        )
        batch.clear()

    for row in rows.iterator(chunk_size=BATCH):
        if row.pk in known:
            continue
        who = (row.reference, row.name, row.email, row.phone)
        said = [words(row), *(step.note for step in row.steps.all())]
        forgotten = row.anonymised_at is not None
        conversation = conversations(
            about_type=label, about_id=row.pk, reference=row.reference, name=row.name,
            title="" if forgotten else title(row), state=row.state, turn=turns[row.state],
            opened_at=row.created_at, since=row.done_at or row.created_at,
            reply_token=new_reply_token(),
            search_key="" if forgotten else fold(" ".join((*who, *said))[:200_000]),
        )  # fmt: skip
        batch.append((conversation, row))
        if len(batch) >= BATCH:
            write()
    write()


def _entries(row: Any, words: str) -> list[dict[str, Any]]:
    """Return the values of the entries: the first words, then each step after the first."""
    steps = sorted(row.steps.all(), key=lambda step: (step.at, step.pk))
    first = steps[0] if steps and steps[0].kind == "move" else None
    found = [
        {
            "kind": "call" if row.origin == "phone" else "message", "via": VIA[row.origin],
            "text": words, "state": first.state if first else row.state,
            "made_by": first.made_by if first else "", "at": row.created_at,
            "step": first.pk if first else None,
        }
    ]  # fmt: skip
    for step in steps:
        if step is not first:
            kind = KINDS[step.kind]
            found.append({
                "kind": kind, "via": "page" if kind == "message" else "desk", "text": step.note,
                "state": step.state, "made_by": step.made_by, "at": step.at, "step": step.pk,
            })  # fmt: skip
    return found
