"""Webhooks as the desk shows them."""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from directory.webhooks.models import CallState, Webhook, WebhookCall

SHOWN = 10
# What a try without an answer is called in the code, and what it means for whoever waits.
MEANINGS = {
    "NameNotFound": _("Diesen Server gibt es nicht"),
    "ForbiddenAddress": _("Die Adresse liegt nicht im öffentlichen Internet"),
    "SSLCertVerificationError": _("Das Zertifikat des Servers stimmt nicht"),
}


@dataclass(frozen=True)
class Line:
    """A webhook with its last calls, each with what was answered."""

    webhook: Webhook
    calls: list[tuple[WebhookCall, str]]
    failed: int


def said(answer: str) -> str:
    """Return in words what came of a try, with the number that whoever runs the server knows."""
    if not answer or answer.startswith("HTTP 2"):
        return ""
    if answer.startswith("HTTP"):
        return gettext("Der Server hat abgelehnt (%(answer)s)") % {"answer": answer}
    return str(MEANINGS.get(answer, _("Der Server war nicht zu erreichen")))


def given_up() -> list[tuple[Webhook, int]]:
    """Return the webhooks with calls that were given up, and how many."""
    return [(line.webhook, line.failed) for line in lines() if line.failed]


def lines() -> list[Line]:
    """Return each webhook with its last calls; trials that failed are nothing to send again."""
    failed = Count("calls", filter=Q(calls__state=CallState.FAILED) & ~Q(calls__about_type=""))
    return [
        Line(
            webhook,
            [(call, said(call.answer)) for call in webhook.calls.order_by("-pk")[:SHOWN]],
            int(webhook.count),
        )
        for webhook in Webhook.objects.annotate(count=failed)
    ]
