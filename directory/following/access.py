"""Fetching a subscription for the person who has its link."""

from django.http import Http404

from directory.following.models import Subscription


def by_number(number: int) -> Subscription:
    """Return the subscription that a signed link confirms, or raise Http404."""
    rows = Subscription.objects.select_related("solution_team")
    found: Subscription | None = rows.filter(pk=number).first()
    if found is None:
        raise Http404
    return found


def by_token(token: str) -> Subscription | None:
    """Return the subscription of an unsubscribe link, if it still exists."""
    rows = Subscription.objects.select_related("solution_team")
    found: Subscription | None = rows.filter(token=token).first()
    return found
