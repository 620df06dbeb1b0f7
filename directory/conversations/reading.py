"""A conversation as it is read: its entries in order, each with the fate of its mail."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
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
from wiq.database.together import Found, Wanted, columns_of, read_together
from wiq.outbox import services as outbox
from wiq.outbox.models import State
from wiq.typed import row_number

# How a mail's delivery reads outside, in the API as well.
FATES: dict[str, str] = {State.PENDING: "waiting", State.SENT: "sent", State.DEAD: "failed"}

# What a list shows of a file.
FILE_FIELDS = ("name", "size", "entry_id", "held_id", "is_kept")


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


def wanted(conversation: Conversation) -> list[Wanted]:
    """Return the questions for the entries, their files, and the accounts that made them."""
    rows = conversation.entries.order_by("at", "pk")
    files = Attachment.objects.without_content().filter(entry__conversation=conversation)
    users: Any = get_user_model().objects
    accounts = users.filter(email__in=rows.order_by().values("made_by")).exclude(name="")
    return [
        Wanted(rows, columns_of(ConversationEntry)),
        Wanted(files, FILE_FIELDS),
        Wanted(accounts, ("email", "name")),
    ]


def shown(conversation: Conversation, entries: Found, files: Found, accounts: Found) -> list[Shown]:
    """Return the entries as they are read; one statement more where some went out by mail."""
    pointers: Any = {}
    uuids = [entry.mail_uuid for entry in entries.rows if entry.mail_uuid]
    if uuids:
        pointers = outbox.pointers_of(uuids)
    known = names.Names({account.email: account.name for account in accounts.rows}, {})
    sort = known_sort(conversation)
    return [
        Shown(
            entry,
            words.who(entry.made_by, known) if entry.made_by else "",
            FATES[pointers[entry.mail_uuid].state] if entry.mail_uuid in pointers else "",
            sort.state_label(entry.state),
            [file for file in files.rows if file.entry_id == entry.pk],
        )
        for entry in entries.rows
    ]


def entries_of(conversation: Conversation) -> list[Shown]:
    """Return the entries, oldest first, with two statements, however many."""
    return shown(conversation, *read_together(wanted(conversation)))


def answered_since(*, conversation: Conversation, entry: str, actor: Actor) -> str:
    """Return which colleague has answered since an entry was the newest; "" for nobody.

    ``entry`` is the number that a page was shown with; without one nobody knows.
    """
    seen = row_number(entry)
    if not seen:
        return ""
    newer = conversation.entries.filter(kind=EntryKind.ANSWER, pk__gt=seen)
    last = newer.exclude(made_by=name_of(actor)).order_by("pk").last()
    if last is None:
        return ""
    return names.of_accounts([last.made_by]).account(last.made_by)
