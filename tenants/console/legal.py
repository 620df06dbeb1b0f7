"""The legal pages of the platform's own host, filled with the data of its Träger.

That is a row of its own, which no district writes; the rules are those of directory.pages.legal.
Nothing is invented: the pages say which data is still missing.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tenants.districts.models import PlatformOperator
from wiq.page_cache.cache import public_page


def _page(request: HttpRequest, template: str) -> HttpResponse:
    return render(request, template, {"operator": PlatformOperator.objects.known()})


@public_page
@require_safe
def imprint(request: HttpRequest) -> HttpResponse:
    """Show who runs the platform (§ 5 DDG)."""
    return _page(request, "pages/imprint.html")


@public_page
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Explain what the platform itself stores: applications and accounts (Art. 13 GDPR)."""
    return _page(request, "console/privacy.html")


@public_page
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """State how accessible the platform's pages are and where to report a barrier."""
    return _page(request, "pages/accessibility.html")
