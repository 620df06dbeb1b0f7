"""The district's own pictures."""

from django.http import Http404
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from tenants.districts.requests import DistrictRequest
from wiq.media.responses import picture_response

NAMES = {"logo": "logo", "kopf": "header_picture"}


@require_safe
def district_picture(request: DistrictRequest, which: str, small: str = "") -> HttpResponseBase:
    """Serve the logo or the picture of the start page."""
    district = request.tenant
    name = str(getattr(district, NAMES.get(which, ""), ""))
    if not name:
        raise Http404
    return picture_response(request, name, small)
