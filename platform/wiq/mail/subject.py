"""Mails to an address."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from wiq.actors import Actor
from wiq.mail import services
from wiq.mail.models import Message
from wiq.mail_addresses import is_at
from wiq.subjects import Source, all_handed_out, sources


def collect(email: str) -> list[Any]:
    """Return the mails to an address."""
    return all_handed_out(Message.objects.filter(is_at("to", email)))


def erase(email: str, actor: Actor) -> int:
    """Delete the mails to an address, sent or not."""
    return services.forget(Message.objects.filter(is_at("to", email)))


sources.register(Source(130, "mails", _("Mails"), ("mail.message",), collect, erase))
