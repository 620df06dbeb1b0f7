"""The OpenAPI document of a host and the page that shows it, with assets served from here."""

from django.urls import URLPattern, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from api.caching import Unstored


class SchemaView(Unstored, SpectacularAPIView):
    """The document."""


class DocsView(Unstored, SpectacularSwaggerSplitView):
    """The page that shows it."""

    template_name = "api/docs.html"
    title = "Wir im Quartier: API"


def document_urls(urlconf: str) -> list[URLPattern]:
    """Return the addresses ``schema/`` and ``docs/`` for the API of one kind of host."""
    return [
        path("schema/", SchemaView.as_view(urlconf=urlconf), name="api-schema"),
        path(
            "docs/",
            DocsView.as_view(url_name="api-schema", http_method_names=["get", "head"]),
            name="api-docs",
        ),
    ]
