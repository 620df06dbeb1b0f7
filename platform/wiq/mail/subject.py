"""Mails to an address."""

import re
from typing import Any

from django.utils.translation import gettext_lazy as _

from wiq.actors import Actor
from wiq.mail import services
from wiq.mail.models import Message, RefusedAddress
from wiq.mail_addresses import is_at
from wiq.subjects import HandedOut, Source, all_handed_out, handed_out, sources

# Links and six digits let in whoever has them: into an account, onto a status page.
WAY_IN = re.compile(r"https?://\S+|\b\d{3}[ \N{NO-BREAK SPACE}]?\d{3}\b")


def collect(email: str) -> list[Any]:
    """Return the mails to an address."""
    return [without_ways_in(mail) for mail in Message.objects.filter(is_at("to", email))]


def without_ways_in(mail: Message) -> HandedOut:
    """Return a mail as it is handed out: its words, and nothing that whoever hands it out may use.

    A coordinator could ask for a colleague's new password, and read the link here. The HTML says
    the same as the text.
    """
    found = handed_out(mail, kind=None)
    for name in ("html", "unsubscribe_url"):
        found.pop(name, None)
    if "text" in found:
        found["text"] = WAY_IN.sub("[…]", found["text"])
    return found


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
