"""What search engines may read: nothing of a demo district."""

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_safe


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Answer /robots.txt. Demo pages stay readable, so that their noindex is seen."""
    closed = ["/koordination/", "/anmelden/", "/api/", "/kontakt/bearbeiten/"]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


urlpatterns = [path("", robots, name="robots")]
