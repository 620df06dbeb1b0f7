"""The two administrations: the coordinators' desk and the project team's console."""

from functools import wraps
from typing import Any

from allauth.account.decorators import secure_admin_login
from django.http import HttpRequest, HttpResponseBase, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.sites import UnfoldAdminSite

from wiq.admin.choosing import ChoicesOfForms
from wiq.web.anonymous import comes_from_this_site
from wiq.web.languages import with_language
from wiq.web.typed_again import may_come_back, typed_again, was_shown_here


class WiqAdminSite(UnfoldAdminSite):
    """What both administrations have in common."""

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and getattr(request.user, "is_staff", False))

    def autocomplete_view(self, request: HttpRequest) -> HttpResponseBase:
        """Offer rows to the fields of our own forms."""
        return ChoicesOfForms.as_view(admin_site=self)(request)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Give back what was typed where the session has ended, instead of an empty sign-in.

        A write without its last slash is led to the right address before anybody signs in.
        """
        guarded = super().admin_view(view, cacheable)

        @wraps(guarded)
        def kept(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if request.method not in ("GET", "HEAD") and not request.path.endswith("/"):
                return HttpResponsePermanentRedirect(request.get_full_path(force_append_slash=True))
            is_lost = request.method == "POST" and not request.user.is_authenticated
            is_ours = is_lost and comes_from_this_site(request) and was_shown_here(request)
            if is_ours and may_come_back(request):
                return typed_again(request)
            return guarded(request, *args, **kwargs)

        return kept

    def get_urls(self) -> list[Any]:
        """Leave out Django's view that redirects from a content type to an object's page.

        No object here uses it, and on the platform it would query tables that only districts have.
        """
        named = super().get_urls()
        return [url for url in named if getattr(url, "name", "") != "view_on_site"]


class DistrictSite(WiqAdminSite):
    """``/koordination/`` on a district's host."""

    site_header = site_title = _("Koordination")
    index_title = _("Was zu tun ist")


class PlatformSite(WiqAdminSite):
    """``/plattform/`` on the platform's host."""

    settings_name = "UNFOLD_PLATFORM"
    site_header = site_title = _("Projektteam")
    index_title = _("Quartiere")
    index_template = "console/index.html"


district_site = DistrictSite(name="koordination")
platform_site = PlatformSite(name="plattform")
# allauth's sign-in, because Django's own form would skip the second factor.
for _site in (district_site, platform_site):
    _site.login = secure_admin_login(_site.login)


def district_title(request: HttpRequest) -> str:
    """Return what the desk is called: the district's name."""
    district = getattr(request, "tenant", None)
    return district.name if district else "Wir im Quartier"


def icon(request: HttpRequest) -> str:
    """Return the address of the icon in the browser's tab."""
    return reverse("symbol")


def public_page(request: HttpRequest) -> str:
    """Return where "view site" leads: the start page in the desk's language."""
    return with_language("/")
