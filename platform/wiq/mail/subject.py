"""Mails to an address."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from wiq.actors import Actor
from wiq.mail import services
from wiq.mail.models import Message, RefusedAddress
from wiq.mail_addresses import is_at
from wiq.subjects import Source, all_handed_out, sources


def collect(email: str) -> list[Any]:
    """Return the mails to an address."""
    # Its HTML says the same as its text.
    return all_handed_out(Message.objects.filter(is_at("to", email)), kind=None, html=None)


def erase(email: str, actor: Actor) -> int:
    """Delete the mails to an address, sent or not."""
    return services.forget(Message.objects.filter(is_at("to", email)))


def refused(email: str) -> list[Any]:
    """Return whether mails to an address came back."""
    return all_handed_out(RefusedAddress.objects.of(email))


def erase_refused(email: str, actor: Actor) -> int:
    """Forget that mails to an address came back."""
    return int(RefusedAddress.objects.of(email).delete()[0])


sources.register(
    Source(
        131, "refused_addresses", _("E-Mails, die zurückkamen"), ("mail.refusedaddress",), refused,
        erase_refused,
    )
)  # fmt: skip
sources.register(Source(130, "mails", _("E-Mails"), ("mail.message",), collect, erase))
