"""A district's own file, for its coordination to download."""

from tempfile import TemporaryFile
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_tenants.utils import schema_context

from tenants.districts.models import District
from tenants.districts.requests import DistrictRequest
from tenants.transfer.exporting import export_district
from tenants.transfer.file_format import Contents
from wiq.admin.base import account
from wiq.admin.sites import district_site
from wiq.tenancy import PUBLIC


@require_http_methods(["GET", "HEAD", "POST"])
def export_at_the_desk(request: DistrictRequest) -> HttpResponse | FileResponse:
    """Let the coordination download its district, with or without personal data."""
    user: Any = request.user
    if not user.has_perm("accounts.view_invitation"):
        raise PermissionDenied
    if request.method != "POST":
        return _choice(request)
    with schema_context(PUBLIC):
        number = request.tenant.pk
        district = District.objects.select_related("operator").get(pk=number)
    contents = Contents(personal_data=request.POST.get("was") == "alles")
    target = TemporaryFile()  # noqa: SIM115 (FileResponse closes it)
    reason = user.reason if user.is_visit else ""
    try:
        export_district(district, target, contents=contents, actor=account(request), reason=reason)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return _choice(request)
    target.seek(0)
    name = contents.file_name(district.slug)
    response = FileResponse(
        target, as_attachment=True, filename=name, content_type="application/zip"
    )
    response["Cache-Control"] = "no-store"
    return response


def _choice(request: DistrictRequest) -> HttpResponse:
    context = district_site.each_context(request) | {"title": _("Alles mitnehmen")}
    return TemplateResponse(request, "transfer/export.html", context)
