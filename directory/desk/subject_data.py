"""A resident's rights: everything stored about one e-mail address, as a file, and its erasure.

Art. 15, 17 and 20 GDPR. Accounts of the desk are not meant: those belong to whoever works here.
"""

from typing import Any

from django.db import models, transaction
from django.forms.models import model_to_dict

from directory.contact import services as contact
from directory.contact.models import ContactRequest
from directory.following import services as following
from directory.following.models import Subscription
from directory.ideas import services as ideas
from directory.ideas.models import Idea
from directory.solutions.models import SolutionTeam
from wiq.audit import services as audit
from wiq.mail import services as mail
from wiq.mail.models import Message

Actor = models.Model | str
LEFT_OUT = ("token", "idempotency_key", "idempotency_digest")


def _plain(row: models.Model) -> dict[str, Any]:
    values = {
        field.name: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.name not in LEFT_OUT
    }
    return {name: value for name, value in values.items() if value not in (None, "")}


def collect(email: str, *, actor: Actor) -> dict[str, Any]:
    """Return all that this district holds about an e-mail address, ready for JSON.

    What is handed out is recorded, without the address itself.
    """
    requests = ContactRequest.objects.from_address(email)
    brought = Idea.objects.from_address(email).prefetch_related("steps")
    found: dict[str, list[Any]] = {
        "contact_requests": [_plain(row) for row in requests],
        "ideas": [
            _plain(idea) | {"history": [model_to_dict(step) for step in idea.steps.all()]}
            for idea in brought
        ],
        "subscriptions": [_plain(row) for row in Subscription.objects.from_address(email)],
        "mails": [_plain(row) for row in Message.objects.filter(to__iexact=email)],
        "contact_of_solution_teams": list(
            SolutionTeam.objects.filter(contact_email__iexact=email).values("slug", "name")
        ),
    }
    counts = {name: len(rows) for name, rows in found.items()}
    audit.record("subject.access", None, actor=actor, details=counts)
    return found


@transaction.atomic
def erase(email: str, *, actor: Actor) -> dict[str, int]:
    """Forget now what would otherwise be forgotten later; return how much there was.

    Open requests and ideas are erased as well: whoever asks for it does not wait for an answer.
    """
    requests = ContactRequest.objects.from_address(email).filter(anonymised_at__isnull=True)
    brought = Idea.objects.from_address(email).filter(anonymised_at__isnull=True)
    counts = {"contact_requests": 0, "ideas": 0, "subscriptions": 0, "mails": 0}
    for contact_request in requests:
        contact.anonymise(contact_request, actor=actor)
        counts["contact_requests"] += 1
    for idea in brought:
        ideas.anonymise(idea, actor=actor)
        counts["ideas"] += 1
    for subscription in Subscription.objects.from_address(email):
        following.remove(subscription, actor=audit.SYSTEM)
        counts["subscriptions"] += 1
    counts["mails"] = mail.forget(Message.objects.filter(to__iexact=email))
    audit.record("subject.erased", None, actor=actor, details=counts)
    return counts
