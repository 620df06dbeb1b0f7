"""Webhooks as the desk shows them."""

from django.db.models import Count, Q

from directory.webhooks.models import CallState, Webhook, WebhookCall

SHOWN = 10


def given_up() -> list[tuple[Webhook, int]]:
    """Return the webhooks with calls that were given up, and how many."""
    failed = Count("calls", filter=Q(calls__state=CallState.FAILED) & ~Q(calls__about_type=""))
    rows = Webhook.objects.annotate(count=failed).filter(count__gt=0)
    return [(webhook, int(webhook.count)) for webhook in rows]


def lines() -> list[tuple[Webhook, list[WebhookCall]]]:
    """Return each webhook with its last calls."""
    webhooks = Webhook.objects.all()
    return [(webhook, list(webhook.calls.order_by("-pk")[:SHOWN])) for webhook in webhooks]
