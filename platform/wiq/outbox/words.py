"""Why a mail has not arrived, as the desk says it. The outbox keeps a short English reason."""

import re

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

CODE = re.compile(r"SMTP \d{3}")
# Part of a reason (services.read_failure) → what it means for whoever waits; the first one counts.
MEANINGS = {
    "recipient refused": _("Der Mailserver nimmt für diese Adresse nichts an"),
    "is marked": _(
        "An diese Adresse ist mehrmals nichts angekommen, deshalb warten ihre E-Mails hier"
    ),
    "came back": _("Die E-Mail ist zurückgekommen"),
    "sign-in refused": _("Der Mailserver hat die Plattform nicht angemeldet"),
    "SMTP": _("Der Mailserver hat die E-Mail abgelehnt"),
    "hung up": _("Der Mailserver war nicht zu erreichen"),
    "is away": _("Der Mailserver war nicht zu erreichen"),
    "lacks a feature": _("Der Mailserver kann etwas nicht, das die Plattform braucht"),
    "the mail is gone": _("Der Text der E-Mail ist nicht mehr da"),
    "the district is gone": _("Das Quartier gibt es nicht mehr"),
    "can't be sent": _("Diese E-Mail lässt sich nicht verschicken"),
}


def why(reason: str) -> str:
    """Return a pointer's ``last_error`` in words, with the mail server's code if there is one."""
    words = next((words for part, words in MEANINGS.items() if part in reason), "")
    code = CODE.search(reason)
    if not words:
        return reason
    return gettext("%(why)s (%(code)s)") % {"why": words, "code": code[0]} if code else str(words)
