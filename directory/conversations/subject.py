"""What conversations hold about an address: everything said about its requests and ideas."""

from base64 import b64encode
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from directory.conversations.models import (
    Attachment,
    Conversation,
    ConversationEntry,
    EntryKind,
    HeldMail,
    Via,
)
from directory.conversations.writing import index_again, sorts_in_order
from wiq.actors import Actor
from wiq.mail_addresses import is_at
from wiq.subjects import HandedOut, Source, handed_out, sources


def collect(email: str) -> list[Any]:
    """Return the conversations of an address, each with its entries, the team's notes as well."""
    found = []
    for sort in sorts_in_order():
        numbers = sort.model._default_manager.filter(is_at("email", email)).values("pk")
        rows = Conversation.objects.filter(about_type=sort.kind, about_id__in=numbers)
        for conversation in rows.order_by("pk").prefetch_related("entries"):
            entries = [
                handed_out(entry, state=sort.state_label(entry.state), conversation=None)
                for entry in conversation.entries.all()
            ]
            files = [
                handed_out_file(file)
                for file in Attachment.objects.filter(entry__conversation=conversation)
            ]
            talk = {"reference": conversation.reference, "entries": entries, "files": files}
            found.append(HandedOut(conversation, talk, {}))
    return found


def handed_out_file(file: Attachment) -> HandedOut:
    """Return a file as its subject may read it; its content in base64, as mail programs know it."""
    content = b64encode(bytes(file.content or b"")).decode()
    return handed_out(file, entry=None, held=None, content=None).along_with(content=content)


def _let_in(email: str) -> Any:
    """Return what an address wrote into conversations of others: let in, or for an authority."""
    of_others = Q(kind=EntryKind.MESSAGE, via=Via.MAIL) | Q(via=Via.AUTHORITY)
    return ConversationEntry.objects.filter(of_others, is_at("made_by", email))


def _written_to(email: str) -> Any:
    """Return what the team wrote to an authority at an address."""
    return ConversationEntry.objects.filter(is_at("written_to", email))


def collect_held(email: str) -> list[Any]:
    """Return the mails from an address that were held back, and those that somebody let in."""
    rows = HeldMail.objects.filter(is_at("sender", email))
    return [
        handed_out(mail).along_with(
            files=[handed_out_file(file) for file in mail.attachments.all()]
        )
        for mail in (*rows, *_let_in(email), *_written_to(email))
    ]


@transaction.atomic
def erase_held(email: str, actor: Actor) -> int:
    """Delete the mails from an address that were held back, and the words of those let in."""
    held = HeldMail.objects.filter(is_at("sender", email))
    let_in = list(_let_in(email).select_related("conversation"))
    written = list(_written_to(email).select_related("conversation"))
    count = held.count() + len(let_in) + len(written)
    found_in = list(Conversation.objects.filter(pk__in=held.values("conversation")))
    held.delete()
    for entry in let_in:
        entry.attachments.all().delete()
        entry.text = entry.quoted = entry.made_by = ""
        entry.save(update_fields=["text", "quoted", "made_by"])
        found_in.append(entry.conversation)
    for entry in written:
        entry.text = entry.text.replace(entry.written_to, "…")
        entry.written_to = ""
        entry.save(update_fields=["text", "written_to"])
        found_in.append(entry.conversation)
    for conversation in found_in:
        index_again(conversation)
    return count


sources.register(
    Source(
        115,
        "conversations",
        _("Verläufe zu Anfragen und Ideen"),
        ("conversations.conversation", "conversations.attachment"),
        collect,
        kept_because="its words are erased with the requests and ideas that it is about",
    )
)
sources.register(
    Source(
        116,
        "held_mails",
        _("E-Mails zu Anfragen anderer"),
        ("conversations.heldmail", "conversations.conversationentry"),
        collect_held,
        erase_held,
    )
)
