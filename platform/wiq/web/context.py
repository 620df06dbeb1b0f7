"""What every page knows: its district, its colours, its address in the other language."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.translation import get_language

from wiq.web.colours import stylesheet
from wiq.web.content_policy import allow_style

PLATFORM_COLOUR = "#1f6f54"


def site(request: HttpRequest) -> dict[str, Any]:
    """Return the template context of the current host. Asks the database nothing."""
    district = getattr(request, "tenant", None)
    is_preview = getattr(request, "is_preview", False)
    is_shown = district is not None and (district.state == "published" or is_preview)
    shown = district if is_shown else None
    other = "de" if get_language() == "en" else "en"
    colours = stylesheet(shown.colour if shown else PLATFORM_COLOUR)
    allow_style(request, colours)
    return {
        "district": shown,
        "any_district": district,
        "is_preview": is_preview,
        "brand_style": colours,
        "other_language": other,
        "other_language_url": _in_language(request, other),
        "has_postbox": bool(settings.WIQ_MAIL_CATCHER) and district is None,
    }


def _in_language(request: HttpRequest, language: str) -> str:
    """Return the address of this page in another language, with its query."""
    try:
        path = translate_url(request.path, language)
    except ValueError:  # an address like //[x, which urlsplit refuses
        return "/"
    query = request.META.get("QUERY_STRING", "")
    return f"{path}?{query}" if query else path
