"""Fetching a contact request for the person who may see it."""

from django.http import Http404

from directory.contact.models import ContactRequest


def for_resident(token: str) -> ContactRequest:
    """Return the request with this secret token."""
    found: ContactRequest | None = (
        ContactRequest.objects.select_related("team", "solution_team").filter(token=token).first()
    )
    if found is None or found.state == "spam":
        raise Http404
    return found


def for_team(request_id: int) -> ContactRequest:
    """Return the request of a signed link in a team's mail."""
    found: ContactRequest | None = (
        ContactRequest.objects.select_related("team", "solution_team").filter(pk=request_id).first()
    )
    if found is None:
        raise Http404
    return found
