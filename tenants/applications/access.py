"""Fetching an application for the person who may see it."""

from django.http import Http404

from tenants.applications.models import Application, ApplicationState


def for_applicant(token: str) -> Application:
    """Return the application with this secret token."""
    found: Application | None = (
        Application.objects.exclude(state=ApplicationState.SPAM)
        .select_related("order")
        .filter(token=token)
        .first()
    )
    if found is None:
        raise Http404
    return found
