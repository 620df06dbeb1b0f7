"""What subscriptions store about an address."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from directory.following import services
from directory.following.models import Subscription
from wiq.actors import Actor
from wiq.audit import services as audit
from wiq.subjects import Source, all_handed_out, sources


def collect(email: str) -> list[Any]:
    """Return the subscriptions of an address."""
    return all_handed_out(Subscription.objects.from_address(email))


def erase(email: str, actor: Actor) -> int:
    """Delete the subscriptions of an address."""
    found = list(Subscription.objects.from_address(email))
    for subscription in found:
        services.remove(subscription, actor=audit.SYSTEM)
    return len(found)


sources.register(
    Source(
        120,
        "subscriptions",
        _("Bestellungen der Neuigkeiten"),
        ("following.subscription",),
        collect,
        erase,
    )
)
