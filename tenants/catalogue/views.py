"""The catalogue: public on the platform; at the desk, solutions can be copied."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tenants.catalogue import services
from tenants.catalogue.models import SharedSolution
from tenants.districts.requests import DistrictRequest
from wiq.admin.base import account
from wiq.admin.sites import district_site
from wiq.page_cache.cache import public_page
from wiq.typed import row_number

Entry = tuple[SharedSolution, str, str, list[str]]


def _entries(shared: list[SharedSolution]) -> list[Entry]:
    return [
        (one, services.profile_url(one), services.contact_url(one), services.rhythms_of(one))
        for one in shared
    ]


@public_page
@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """Show what districts let others copy."""
    shown = SharedSolution.objects.shown().prefetch_related("district__domains")
    return render(request, "catalogue/catalogue.html", {"entries": _entries(list(shown))})


@require_http_methods(["GET", "HEAD", "POST"])
def at_the_desk(request: DistrictRequest) -> HttpResponse:
    """Let the desk copy a solution of another district as a draft."""
    user: Any = request.user
    if not user.has_perm("solutions.add_solutionteam"):
        raise PermissionDenied
    if request.method == "POST":
        number = request.POST.get("nummer", "")
        try:
            team = services.copy(
                row_number(number),
                actor=account(request),
            )
        except ValidationError as error:
            messages.error(request, " · ".join(error.messages))
            return HttpResponseRedirect(reverse("catalogue_desk"))
        messages.success(
            request, _("Als Entwurf übernommen. Passen Sie den Text an Ihr Quartier an.")
        )
        url = reverse("koordination:solutions_solutionteam_change", args=[team.pk])
        return HttpResponseRedirect(url)
    context = district_site.each_context(request) | {
        "title": _("Bei uns nachmachen"),
        "entries": _entries(services.offers(request.tenant)),
    }
    return TemplateResponse(request, "catalogue/desk.html", context)
