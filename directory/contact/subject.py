"""What the inbox stores about an address."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from directory.contact import services
from directory.contact.models import ContactRequest, MailboxProof
from wiq.actors import Actor
from wiq.mail_addresses import is_at
from wiq.subjects import Source, all_handed_out, sources


def collect(email: str) -> list[Any]:
    """Return the requests from an address."""
    return all_handed_out(ContactRequest.objects.from_address(email))


def erase(email: str, actor: Actor) -> int:
    """Erase its requests, also open ones: a person who asks for erasure expects no reply."""
    requests = ContactRequest.objects.from_address(email).filter(anonymised_at__isnull=True)
    for contact_request in requests:
        services.anonymise(contact_request, actor=actor)
    return len(requests)


def collect_proofs(email: str) -> list[Any]:
    """Return the proofs that somebody reads an address."""
    return all_handed_out(MailboxProof.objects.filter(is_at("email", email)))


sources.register(
    Source(
        100, "contact_requests", _("Kontaktanfragen"), ("contact.contactrequest",), collect, erase
    )
)
sources.register(
    Source(
        160,
        "mailbox_proofs",
        _("Bestätigte Postfächer"),
        ("contact.mailboxproof",),
        collect_proofs,
        kept_because="it is the address of a team, and the proof goes with it",
    )
)
