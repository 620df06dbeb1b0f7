"""A request that belongs to a district, with what the middleware found out about it."""

from typing import TypeGuard, cast

from django.http import HttpRequest

from tenants.districts.models import District


class DistrictRequest(HttpRequest):
    """What a view on a district's host is asked with: the district, and whether it is a preview."""

    tenant: District
    is_preview: bool


def within(request: HttpRequest, district: District) -> DistrictRequest:
    """Note on a request to which district it belongs; whatever comes after may rely on it."""
    belonging = cast(DistrictRequest, request)
    belonging.tenant = district
    belonging.is_preview = False
    return belonging


def belongs_to_a_district(request: HttpRequest) -> TypeGuard[DistrictRequest]:
    """Tell a district's host from the platform's own, and from hosts nobody knows."""
    return hasattr(request, "tenant")
