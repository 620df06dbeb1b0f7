"""What every template gets: the district, its colours, the page's address in other languages."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse, translate_url
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from wiq.web.colours import stylesheet
from wiq.web.content_policy import allow_style
from wiq.web.hosts import absolute

PLATFORM_COLOUR = "#1f6f54"
# The pages that also exist in plain German, and their names there.
IN_PLAIN_GERMAN = {"pages:start": "plain_start", "contact:form": "plain_contact"}
NAMES = {"de": "Deutsch", "en": "English"}


def shown_district(request: HttpRequest) -> Any:
    """Return the current host's district if the visitor may see it, else None."""
    district = getattr(request, "tenant", None)
    is_preview = getattr(request, "is_preview", False)
    is_shown = district is not None and (district.state == "published" or is_preview)
    return district if is_shown else None


def site(request: HttpRequest) -> dict[str, Any]:
    """Return the template context of the current host, without any query."""
    district = getattr(request, "tenant", None)
    shown = shown_district(request)
    colour = shown.colour if shown else PLATFORM_COLOUR
    colours = stylesheet(colour)
    allow_style(request, colours)
    return {
        "district": shown,
        "any_district": district,
        "is_preview": getattr(request, "is_preview", False),
        "brand_style": colours,
        "theme_colour": colour,
        "symbol_url": reverse("symbol") + f"?{colour[1:]}",
        "page_url": _whole(request.path) + _page_number(request),
        "speech": _speech(request, bool(district)),
        **_share_picture(shown),
        "has_postbox": bool(settings.WIQ_MAIL_CATCHER) and district is None,
    }


def _share_picture(shown: Any) -> dict[str, str]:
    """Return the preview picture for links to this host, and its alternative text."""
    if shown and shown.header_picture:
        own = reverse("district_picture", args=["kopf"])
        return {"share_picture": absolute(own), "share_picture_alt": shown.header_alt}
    name = f"Wir im Quartier {shown.name}" if shown else "Wir im Quartier"
    return {"share_picture": absolute(reverse("share_picture")), "share_picture_alt": name}


def _speech(request: HttpRequest, in_district: bool) -> list[dict[str, Any]]:
    """Return the versions of this page: German, plain German, English.

    Each links to the same page. If plain German lacks it, the link leads to its start page.
    """
    match = getattr(request, "resolver_match", None)
    name = match.view_name if match else ""
    usual = {plain: normal for normal, plain in IN_PLAIN_GERMAN.items()}.get(name)
    path = reverse(usual) if usual else request.path
    query = request.META.get("QUERY_STRING", "")
    now = "plain" if usual else get_language()
    ways = []
    for language, title in NAMES.items():
        there = _in_language(path, language)
        ways.append({
            "name": title, "lang": language, "is_current": language == now, "is_whole": not usual,
            "url": f"{there}?{query}" if query else there, "whole_url": _whole(there) + _page_number(request),
        })  # fmt: skip
    if in_district:
        plain = reverse(IN_PLAIN_GERMAN.get(name, "plain_start"))
        if name in IN_PLAIN_GERMAN and query:  # keeps the chosen recipient
            plain = f"{plain}?{query}"
        ways.insert(1, {
            "name": _("Einfache Sprache"), "lang": "de", "is_current": now == "plain",
            "is_whole": False, "url": plain,
        })  # fmt: skip
    return ways


def _page_number(request: HttpRequest) -> str:
    """Return the query of a list page's canonical address: the page number without any filter."""
    number = request.GET.get("seite", "")
    is_later = number.isascii() and number.isdecimal() and int(number[:6]) > 1
    return f"?seite={number}" if is_later else ""


def _in_language(path: str, language: str) -> str:
    """Return the path of a page in another language."""
    try:
        return translate_url(path, language)
    except ValueError:  # urlsplit refuses addresses like //[x
        return "/"


def _whole(path: str) -> str:
    try:
        return absolute(path)
    except ValueError:
        return absolute("/")
