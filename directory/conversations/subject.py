"""What conversations hold about an address: everything said about its requests and ideas."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from directory.conversations.models import Conversation, HeldMail
from directory.conversations.writing import sorts_in_order
from wiq.actors import Actor
from wiq.mail_addresses import is_at
from wiq.subjects import HandedOut, Source, all_handed_out, handed_out, sources


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
            found.append(
                HandedOut(
                    conversation, {"reference": conversation.reference, "entries": entries}, {}
                )
            )
    return found


def collect_held(email: str) -> list[Any]:
    """Return the mails from an address that were held back."""
    return all_handed_out(HeldMail.objects.filter(is_at("sender", email)))


@transaction.atomic
def erase_held(email: str, actor: Actor) -> int:
    """Delete the mails from an address that were held back."""
    count, _kinds = HeldMail.objects.filter(is_at("sender", email)).delete()
    return count


sources.register(
    Source(
        115,
        "conversations",
        _("Verläufe zu Anfragen und Ideen"),
        ("conversations.conversation",),
        collect,
        kept_because="its words are erased with the requests and ideas that it is about",
    )
)
sources.register(
    Source(
        116,
        "held_mails",
        _("Zurückgehaltene E-Mails"),
        ("conversations.heldmail",),
        collect_held,
        erase_held,
    )
)
