"""News of the kit at a district's desk: to look at, take or leave."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from tenants.districts.requests import DistrictRequest
from tenants.kit import services
from tenants.kit.offers import offers_by_kind
from wiq.admin.base import account
from wiq.admin.sites import district_site


@require_http_methods(["GET", "HEAD", "POST"])
def kit(request: DistrictRequest) -> HttpResponse:
    """Show the items of the current version that the district lacks or has with other texts."""
    user: Any = request.user
    if not user.has_perm("accounts.view_invitation"):
        raise PermissionDenied
    district = request.tenant
    if request.method == "POST":
        try:
            messages.success(request, _act(request))
        except ValidationError as error:
            messages.error(request, " · ".join(error.messages))
        return HttpResponseRedirect(reverse("kit"))
    context = district_site.each_context(request) | {
        "title": _("Neues aus dem Startpaket"),
        "kinds": offers_by_kind(district),
        "version": services.current_version(),
    }
    return TemplateResponse(request, "kit/offers.html", context)


def _act(request: DistrictRequest) -> str:
    """Do what was pressed, and return what the page says. Raises ValidationError."""
    act, key, district = request.POST.get("was"), request.POST.get("key", ""), request.tenant
    if act == "alle":
        count = services.take_kind_over(district, key, actor=account(request))
        return ngettext("%d Teil übernommen.", "%d Teile übernommen.", count) % count
    do = services.leave if act == "lassen" else services.take_over
    do(district, key, actor=account(request))
    return _("Gespeichert.")
