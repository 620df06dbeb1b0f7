"""The pictures that belong to the district itself."""

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from wiq.media.pictures import picture_response

NAMES = {"logo": "logo", "kopf": "header_picture"}


@require_safe
def district_picture(request: HttpRequest, which: str, small: str = "") -> HttpResponseBase:
    """Give the logo or the picture of the start page."""
    district = request.tenant  # type: ignore[attr-defined]
    name = str(getattr(district, NAMES.get(which, ""), ""))
    if not name:
        raise Http404
    return picture_response(request, name, small)
