"""A request to a district, with what the middleware has found out about it."""

from typing import TypeGuard, cast

from django.http import HttpRequest

from tenants.districts.models import District
from wiq.web.anonymous import comes_from_this_site

# What changes nothing (RFC 9110, 9.2.1), as far as browsers send it to pages.
SAFE = ("GET", "HEAD")


class DistrictRequest(HttpRequest):
    """The request of a view on a district's host: with the district and its preview state."""

    tenant: District
    is_preview: bool
    # The origin that the district has moved to, if the request is to a host that it left.
    moved_to: str


def within(request: HttpRequest, district: District) -> DistrictRequest:
    """Set the district of a request, for all later code to rely on."""
    belonging = cast(DistrictRequest, request)
    belonging.tenant = district
    belonging.is_preview = False
    belonging.moved_to = ""
    return belonging


def belongs_to_a_district(request: HttpRequest) -> TypeGuard[DistrictRequest]:
    """Tell whether a request is to a district's host, not the platform's or an unknown one."""
    return hasattr(request, "tenant")


def comes_from_a_page(request: HttpRequest) -> bool:
    """Tell whether a page of this host sent a request; programs and first visits do not count.

    Browsers say so with Sec-Fetch-Site or, for posts, with Origin.
    """
    if request.headers.get("Sec-Fetch-Site") is not None:
        return request.headers["Sec-Fetch-Site"] == "same-origin"
    return "Origin" in request.headers and comes_from_this_site(request)
