"""What subscriptions store about an address."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from directory.following import services
from directory.following.models import Subscription
from wiq.actors import Actor
from wiq.audit import services as audit
from wiq.erasures.repeats import Repeat, numbers_of, repeats
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


def end_again(number: str) -> None:
    """End a subscription that a restored backup brought back."""
    services.remove(Subscription.objects.get(pk=number), actor=audit.SYSTEM)


repeats.register(Repeat("subscription", lambda: numbers_of(Subscription.objects.all()), end_again))
