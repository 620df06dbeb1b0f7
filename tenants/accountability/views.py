"""The folder at the desk and at the console: its documents, their changes, PDFs and signatures."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from directory.desk import guide
from directory.desk.frame import desk_page, show
from tenants.accountability import differences, pdf, services
from tenants.accountability import folder as folders
from tenants.accountability.documents import mark_of
from tenants.accountability.folder import Folder, Kept, Sheet
from tenants.accountability.forms import SignatureForm
from tenants.accountability.labels import labelled
from tenants.accountability.models import Signature
from tenants.accountability.signed import all_signed
from tenants.districts.models import District
from tenants.districts.requests import DistrictRequest
from wiq.admin.base import account
from wiq.admin.sites import platform_site

SEES, PLATFORM_SEES = "accounts.view_invitation", "accountability.view_version"
WHOLE = "mappe"


def _pdf(folder: Folder, key: str) -> HttpResponse:
    """Return a document, or the whole folder, as a PDF. Raises Http404 where none can be made."""
    if not pdf.is_there():
        raise Http404
    made = (
        pdf.of_folder(folder) if key == WHOLE else pdf.of_sheet(folder, folders.sheet(folder, key))
    )
    return _handed_out(made, key)


def _version_pdf(folder: Folder, key: str, number: int) -> HttpResponse:
    """Return a version that was kept as a PDF. Raises Http404 where none can be made."""
    if not pdf.is_there():
        raise Http404
    return _handed_out(pdf.of_version(folder, folders.kept(folder, key, number)), f"{key}-{number}")


def _handed_out(made: bytes, name: str) -> HttpResponse:
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    response["Cache-Control"] = "no-store"
    return response


def _list(folder: Folder) -> dict[str, Any]:
    found = folders.sheets(folder)
    missing = {one.words: one for one in folder.missing}
    return {"sheets": found, "missing": missing.values(), "has_pdf": pdf.is_there()}


def _document(one: Sheet, form: SignatureForm) -> dict[str, Any]:
    signed = one.signed.version.text if one.signed else ""
    return {
        "title": one.document.title,
        "sheet": one,
        "form": form,
        # Made by our own templates, which escape what people typed.
        "text": mark_safe(labelled(one.text)),  # noqa: S308
        "changes": differences.between(signed, one.text) if signed else [],
        "has_pdf": pdf.is_there(),
    }


def _version(one: Kept) -> dict[str, Any]:
    text = one.version.text
    return {
        "title": one.document.title,
        "kept": one,
        # Made by our own templates, which escape what people typed.
        "text": mark_safe(labelled(text)),  # noqa: S308
        "changes": differences.between(one.before.text, text) if one.before else [],
        "has_pdf": pdf.is_there(),
    }


def _form(request: HttpRequest, one: Sheet) -> SignatureForm:
    begin = {"mark": mark_of(one.text), "signed_on": timezone.localdate()}
    return SignatureForm(request.POST if request.method == "POST" else None, initial=begin)


def _is_right(form: SignatureForm, one: Sheet) -> bool:
    """Tell whether a form is right and says that this very text was read."""
    if form.is_valid() and form.cleaned_data["mark"] != mark_of(one.text):
        form.add_error(None, _("Der Text hat sich eben geändert. Bitte lesen Sie ihn noch einmal."))
    return form.is_valid()


def _signed(
    request: HttpRequest, folder: Folder, one: Sheet, form: SignatureForm
) -> Signature | None:
    """Note a signature; None where the form says what is wrong."""
    if not _is_right(form, one):
        return None
    try:
        return services.sign(
            folder, one.document, text=one.text, signed_by=form.cleaned_data["signed_by"],
            signed_on=form.cleaned_data["signed_on"], actor=account(request),
        )  # fmt: skip
    except ValidationError as refused:
        form.add_error(None, refused)
        return None


def _of_desk(folder: Folder) -> dict[str, Any]:
    """Return what both pages of the desk need; past the gate nobody is led back to the guide."""
    return {"nav": "everything", "in_guide": folder.facts["district"].passed_gate_at is None}


@require_safe
@desk_page(permission=SEES)
def desk_folder(request: DistrictRequest) -> HttpResponse:
    """Show a district's documents: versions, signatures, and what is missing where."""
    folder = folders.of_district(guide.fresh(request.tenant))
    context = {**_of_desk(folder), **_list(folder)}
    return show(request, "accountability/desk_folder.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(permission=SEES)
def desk_document(request: DistrictRequest, key: str) -> HttpResponse:
    """Show one document with what changed since it was signed, and note a signature."""
    folder = folders.of_district(guide.fresh(request.tenant))
    one = folders.sheet(folder, key)
    form = _form(request, one)
    if request.method == "POST" and getattr(request.user, "is_visit", False):
        raise PermissionDenied
    signature = _signed(request, folder, one, form) if request.method == "POST" else None
    if signature is not None:
        services.note_signed(signature, actor=account(request))
        messages.success(request, _("Die Unterschrift ist eingetragen."))
        return HttpResponseRedirect(reverse("desk_folder_document", args=[key]))
    context = {**_of_desk(folder), **_document(one, form)}
    # A form that was not sent asks no method for its errors.
    status = 422 if form.is_bound else 200
    return show(request, "accountability/desk_document.html", context, status=status)


@require_safe
@desk_page(permission=SEES)
def desk_version(request: DistrictRequest, key: str, number: int) -> HttpResponse:
    """Show a version that was kept, with what it changed and who signed it."""
    folder = folders.of_district(guide.fresh(request.tenant))
    context = {**_of_desk(folder), **_version(folders.kept(folder, key, number))}
    return show(request, "accountability/desk_version.html", context)


@require_safe
@desk_page(permission=SEES)
def desk_version_pdf(request: DistrictRequest, key: str, number: int) -> HttpResponse:
    """Hand out a version that was kept as a PDF."""
    return _version_pdf(folders.of_district(guide.fresh(request.tenant)), key, number)


@require_safe
@desk_page(permission=SEES)
def desk_pdf(request: DistrictRequest, key: str) -> HttpResponse:
    """Hand out one document or the whole folder as a PDF."""
    return _pdf(folders.of_district(guide.fresh(request.tenant)), key)


def _for_project_team(request: HttpRequest) -> None:
    user: Any = request.user
    if not user.has_perm(PLATFORM_SEES):
        raise PermissionDenied


@require_safe
def console_folder(request: HttpRequest) -> HttpResponse:
    """Show the platform's own documents, and which district signed which version."""
    _for_project_team(request)
    context = platform_site.each_context(request) | _list(folders.of_platform())
    context |= {"title": _("Mappen für den Datenschutz"), "districts": all_signed()}
    return TemplateResponse(request, "accountability/console_folder.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def console_document(request: HttpRequest, key: str) -> HttpResponse:
    """Show one of the platform's own documents, and note a signature."""
    _for_project_team(request)
    folder = folders.of_platform()
    one = folders.sheet(folder, key)
    form = _form(request, one)
    user: Any = request.user
    if request.method == "POST" and not user.has_perm("accountability.add_signature"):
        raise PermissionDenied
    if request.method == "POST" and _signed(request, folder, one, form) is not None:
        messages.success(request, _("Die Unterschrift ist eingetragen."))
        return HttpResponseRedirect(reverse("console_folder_document", args=[key]))
    context = platform_site.each_context(request) | _document(one, form)
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "accountability/console_document.html", context, status=status)


@require_safe
def console_pdf(request: HttpRequest, key: str) -> HttpResponse:
    """Hand out one of the platform's documents, or all, as a PDF."""
    _for_project_team(request)
    return _pdf(folders.of_platform(), key)


@require_safe
def console_version(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Show a version of one of the platform's documents that was kept."""
    _for_project_team(request)
    context = platform_site.each_context(request)
    context |= _version(folders.kept(folders.of_platform(), key, number))
    return TemplateResponse(request, "accountability/console_version.html", context)


@require_safe
def console_version_pdf(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Hand out a version of one of the platform's documents as a PDF."""
    _for_project_team(request)
    return _version_pdf(folders.of_platform(), key, number)


@require_safe
def console_contract(request: HttpRequest, district: int, number: int) -> HttpResponse:
    """Show a version of a district's contract to its other side."""
    _for_project_team(request)
    row = get_object_or_404(District.objects.holding_data(), pk=district)
    context = platform_site.each_context(request) | {"of_district": row}
    context |= _version(folders.kept_contract(row, number))
    return TemplateResponse(request, "accountability/console_version.html", context)
