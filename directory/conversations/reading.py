"""A conversation as it is read: its entries in order, each with the fate of its mail."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch
from django.utils.translation import gettext as _

from directory.conversations.models import (
    Attachment,
    Conversation,
    ConversationEntry,
    EntryKind,
    Via,
)
from directory.conversations.sorts import known_sort
from wiq.actors import Actor, name_of
from wiq.audit import names, words
from wiq.outbox import services as outbox
from wiq.outbox.models import State

# How a mail's delivery reads outside, in the API as well.
FATES: dict[str, str] = {State.PENDING: "waiting", State.SENT: "sent", State.DEAD: "failed"}


@dataclass(frozen=True)
class Shown:
    """One entry, with who made it and what became of its mail (an empty text for no mail)."""

    entry: ConversationEntry
    by: str
    fate: str
    state_label: str
    files: list[Attachment]

    @property
    def title(self) -> Any:
        """Return what the entry is, as the team reads it."""
        is_authority = self.entry.via == Via.AUTHORITY
        return _("Antwort der Behörde") if is_authority else self.entry.get_kind_display()

    @property
    def is_internal(self) -> bool:
        return self.entry.kind in (EntryKind.NOTE, EntryKind.CALL)


def with_files(rows: Any) -> Any:
    """Return conversations of a queryset that know whether they have files."""
    return rows.annotate(
        has_files=Exists(Attachment.objects.filter(entry__conversation=OuterRef("pk")))
    )


def entries_of(conversation: Conversation) -> list[Shown]:
    """Return the entries, oldest first, with three statements (four with files), however many."""
    rows = conversation.entries.order_by("at", "pk")
    # Most have none, and then nobody asks (``with_files``).
    has_files = bool(getattr(conversation, "has_files", True))
    if has_files:
        files = Prefetch("attachments", Attachment.objects.without_content())
        rows = rows.prefetch_related(files)
    entries: list[ConversationEntry] = list(rows)
    pointers: Any = {}
    uuids = [entry.mail_uuid for entry in entries if entry.mail_uuid]
    if uuids:
        pointers = outbox.pointers_of(uuids)
    known = names.of_accounts({entry.made_by for entry in entries if entry.made_by})
    sort = known_sort(conversation)
    return [
        Shown(
            entry,
            words.who(entry.made_by, known) if entry.made_by else "",
            FATES[pointers[entry.mail_uuid].state] if entry.mail_uuid in pointers else "",
            sort.state_label(entry.state),
            list(entry.attachments.all()) if has_files else [],
        )
        for entry in entries
    ]


def answered_since(*, conversation: Conversation, entry: str, actor: Actor) -> str:
    """Return which colleague has answered since an entry was the newest; "" for nobody.

    ``entry`` is the number that a page was shown with; without one nobody knows.
    """
    if not entry.isdecimal():
        return ""
    newer = conversation.entries.filter(kind=EntryKind.ANSWER, pk__gt=int(entry))
    last = newer.exclude(made_by=name_of(actor)).order_by("pk").last()
    if last is None:
        return ""
    return names.of_accounts([last.made_by]).account(last.made_by)
