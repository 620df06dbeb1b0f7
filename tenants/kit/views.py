"""News of the kit at a district's desk: to look at, take or leave."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tenants.districts.requests import DistrictRequest
from tenants.kit import services
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
        do = services.leave if request.POST.get("was") == "lassen" else services.take_over
        try:
            do(district, request.POST.get("key", ""), actor=account(request))
            messages.success(request, _("Gespeichert."))
        except ValidationError as error:
            messages.error(request, " · ".join(error.messages))
        return HttpResponseRedirect(reverse("kit"))
    context = district_site.each_context(request) | {
        "title": _("Neues aus dem Startpaket"),
        "offers": list(services.offers(district)),
        "version": services.current_version(),
    }
    return TemplateResponse(request, "kit/offers.html", context)
