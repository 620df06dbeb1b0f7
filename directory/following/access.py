"""The one way to fetch a subscription for whoever holds its link."""

from django.http import Http404

from directory.following.models import Subscription


def by_number(number: int) -> Subscription:
    """Return the subscription that a signed link confirms, or answer that it is not there."""
    rows = Subscription.objects.select_related("solution_team")
    found: Subscription | None = rows.filter(pk=number).first()
    if found is None:
        raise Http404
    return found


def by_token(token: str) -> Subscription | None:
    """Return the subscription that a mail's way out names, if there still is one."""
    rows = Subscription.objects.select_related("solution_team")
    found: Subscription | None = rows.filter(token=token).first()
    return found
