"""The doctor's page."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from wiq.admin.sites import platform_site
from wiq.doctor.findings import examine, is_well


@require_safe
def doctor(request: HttpRequest) -> HttpResponse:
    """Look at everything now, and show what was found and what to do."""
    user: Any = request.user
    if not user.has_perm("mail.view_refusedaddress"):
        raise PermissionDenied
    seen = examine()
    context = platform_site.each_context(request) | {
        "title": _("Geht es der Plattform gut?"),
        "seen": seen,
        "is_well": is_well(seen),
    }
    return TemplateResponse(request, "doctor/doctor.html", context)
