"""Where signing in leads."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe


@require_safe
def after_login(request: HttpRequest) -> HttpResponse:
    """Lead to the administration of this host."""
    on_district = getattr(request, "tenant", None) is not None
    return HttpResponseRedirect("/koordination/" if on_district else "/plattform/")
