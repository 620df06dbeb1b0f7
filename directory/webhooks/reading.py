"""Webhooks as the desk shows them."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
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


def with_failed() -> QuerySet[Any]:
    """Return the webhooks, each with how many calls were given up; trials don't count."""
    failed = Count("calls", filter=Q(calls__state=CallState.FAILED) & ~Q(calls__about_type=""))
    return Webhook.objects.annotate(count=failed)


def lines() -> list[Line]:
    """Return each webhook with its last calls; trials that failed are nothing to send again."""
    return [
        Line(
            webhook,
            [(call, said(call.answer)) for call in webhook.calls.order_by("-pk")[:SHOWN]],
            int(webhook.count),
        )
        for webhook in with_failed()
    ]
