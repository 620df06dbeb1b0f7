"""What the inbox stores about an address."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from directory.contact import services
from directory.contact.models import ContactRequest, MailboxProof, Referral
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


def collect_referrals(email: str) -> list[Any]:
    """Return what was asked about giving its requests to another district."""
    requests = ContactRequest.objects.from_address(email)
    return all_handed_out(Referral.objects.filter(contact_request__in=requests))


sources.register(
    Source(
        101,
        "referrals",
        _("Weitergaben an andere Quartiere"),
        ("contact.referral",),
        collect_referrals,
        kept_because="it is erased with the request that it is about",
    )
)
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
