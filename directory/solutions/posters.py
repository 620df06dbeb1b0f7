"""The Aushang: an A4 poster with a QR code, to print and pin to a notice board."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from directory.solutions import access
from wiq.page_cache.cache import public_page
from wiq.web.hosts import absolute
from wiq.web.qr import code


@public_page
@require_safe
def solution_team(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the Aushang of one solution team."""
    team = access.published(slug)
    url = absolute(reverse("solutions:team", args=[team.slug]))
    return render(request, "solutions/poster.html", {"team": team, "url": url, "qr": code(url)})


@public_page
@require_safe
def district(request: HttpRequest) -> HttpResponse:
    """Show the Aushang of the whole district."""
    url = absolute(reverse("pages:start"))
    return render(request, "solutions/poster_district.html", {"url": url, "qr": code(url)})
