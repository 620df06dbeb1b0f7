"""The one way to fetch an application for somebody."""

from django.http import Http404

from tenants.applications.models import Application, ApplicationState


def for_applicant(token: str) -> Application:
    """Return the application whose status page has this secret address."""
    found: Application | None = (
        Application.objects.exclude(state=ApplicationState.SPAM)
        .select_related("order")
        .filter(token=token)
        .first()
    )
    if found is None:
        raise Http404
    return found
