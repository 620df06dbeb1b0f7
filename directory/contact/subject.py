"""What the inbox holds about an address."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from directory.contact import services
from directory.contact.models import ContactRequest, MailboxProof
from wiq.actors import Actor
from wiq.subjects import Source, all_handed_out, sources


def collect(email: str) -> list[Any]:
    """Return the requests that came from an address."""
    return all_handed_out(ContactRequest.objects.from_address(email))


def erase(email: str, actor: Actor) -> int:
    """Forget its requests, also those that wait: whoever asks does not wait for an answer."""
    requests = ContactRequest.objects.from_address(email).filter(anonymised_at__isnull=True)
    for contact_request in requests:
        services.anonymise(contact_request, actor=actor)
    return len(requests)


def collect_proofs(email: str) -> list[Any]:
    """Return when an address proved that somebody reads it."""
    return all_handed_out(MailboxProof.objects.filter(email__iexact=email))


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
