"""Pages of the desk: a resident's rights, and the guide to publication."""

from collections.abc import Iterable
from contextlib import nullcontext
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
)
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe
from unfold.widgets import UnfoldAdminEmailInputWidget, UnfoldBooleanWidget

from directory.contact import mailboxes
from directory.desk import guide, in_words, subject_data
from directory.desk.frame import show
from directory.desk.progress import progress, taken_off
from directory.pages.models import Text, TextKind
from directory.solutions.models import SolutionTeam
from tenants.districts import moves, preview
from tenants.districts.models import State
from tenants.districts.requests import DistrictRequest
from wiq.admin.base import account
from wiq.admin.sites import district_site


class AddressForm(forms.Form):
    """The e-mail address, and a confirmation before erasing."""

    email = forms.EmailField(label=_("E-Mail-Adresse"), widget=UnfoldAdminEmailInputWidget)
    sure = forms.BooleanField(
        label=_("Ja, alles zu dieser Adresse unwiderruflich löschen"),
        required=False,
        widget=UnfoldBooleanWidget,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def personal_data(request: DistrictRequest) -> HttpResponse:
    """Let coordinators export or erase what is stored about an address."""
    user: Any = request.user
    if not user.has_perm("contact.change_contactrequest"):
        raise PermissionDenied
    form = AddressForm(request.POST or None)
    erased: list[tuple[Any, int]] | None = None
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        if request.POST.get("was") == "ansehen":
            found = subject_data.collect(email, actor=account(request))
            report = {"parts": in_words.in_words(found), "email": email, "today": timezone.now()}
            page = show(request, "desk/access_report.html", report | {"nav": "everything"})
            page["Cache-Control"] = "no-store"
            return page
        if request.POST.get("was") == "auskunft":
            found = subject_data.collect(email, actor=account(request))
            response = JsonResponse(
                found,
                encoder=DjangoJSONEncoder,
                json_dumps_params={"indent": 2, "ensure_ascii": False},
            )
            response["Content-Disposition"] = 'attachment; filename="auskunft.json"'
            response["Cache-Control"] = "no-store"
            return response
        if form.cleaned_data["sure"]:
            erased = subject_data.titled(subject_data.erase(email, actor=account(request)))
        else:
            form.add_error("sure", _("Bitte bestätigen Sie, dass gelöscht werden soll."))
    context = district_site.each_context(request) | {
        "title": _("Persönliche Angaben zeigen oder löschen"),
        "form": form,
        "erased": erased,
    }
    status = 422 if form.errors else 200
    return TemplateResponse(request, "desk/personal_data.html", context, status=status)


def _for_coordinators(request: HttpRequest) -> None:
    user: Any = request.user
    if not user.has_perm("accounts.view_invitation"):
        raise PermissionDenied


@require_safe
def guide_index(request: DistrictRequest) -> HttpResponse:
    """Show all steps of the guide, and which are done."""
    _for_coordinators(request)
    district = guide.fresh(request.tenant)
    context = (
        district_site.each_context(request)
        | taken_off(district)
        | {
            "title": _("Leitfaden: in ein paar Schritten zu Ihren Seiten"),
            "progress": progress(district),
            "is_published": district.state == State.PUBLISHED,
            "checklist": Text.objects.of(TextKind.CHECKLIST),
        }
    )
    return TemplateResponse(request, "desk/guide.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def guide_step(request: DistrictRequest, key: str) -> HttpResponse:
    """Show one step of the guide, and save its forms."""
    _for_coordinators(request)
    step = guide.BY_KEY.get(key)
    if step is None:
        raise Http404
    district = guide.fresh(request.tenant)
    if request.method != "POST":
        return _show_step(request, step, district, step.forms(district, None, None))
    which = request.POST.get("was", "")
    if which in ("verbergen", "veroeffentlichen", "vorschau"):
        return _act(request, which, district)
    bound = step.forms(district, request.POST, request.FILES)
    if which == "alles" and step.saves_together:
        chosen = bound
    else:
        chosen = {name: form for name, form in bound.items() if name == which}
        bound = step.forms(district, None, None) | chosen
    if not chosen:
        raise Http404
    if not _saved(step, district, chosen, account(request)):
        _ask_for_files_again(chosen.values())
        return _show_step(request, step, district, bound, status=422)
    messages.success(request, _("Gespeichert."))
    return HttpResponseRedirect(reverse("guide_step", args=[key]))


def _saved(step: guide.Step, district: Any, chosen: dict[str, Any], actor: Any) -> bool:
    """Save all posted forms or none of them; show each error beside its field."""
    try:
        # Checked in the transaction that saves: a form locks the row that it compares.
        with transaction.atomic() if step.saves_together else nullcontext():
            if [form for form in chosen.values() if not form.is_valid()]:
                return False
            for name, form in chosen.items():
                step.save(district, name, form, actor)
    except ValidationError as error:
        known = hasattr(error, "error_dict") and set(error.error_dict) <= set(form.fields)
        form.add_error(None, error if known else error.messages)
        return False
    return True


def _ask_for_files_again(sent: Iterable[Any]) -> None:
    """Say so beside each file that came with something wrong: a browser does not send it again."""
    for form in sent:
        for name in form.fields:
            if form.add_prefix(name) in form.files and not form.errors.get(name):
                form.add_error(name, _("Bitte wählen Sie diese Datei noch einmal aus."))


def _act(request: HttpRequest, what: str, district: Any) -> HttpResponse:
    """Publish or hide the district, or renew the preview link: the last steps of the guide."""
    actor = account(request)
    step = "vorschau" if what == "vorschau" else "veroeffentlichen"
    try:
        if what == "vorschau":
            preview.renew(district, actor=actor)
        elif what == "veroeffentlichen":
            moves.publish(district, actor=actor)
        else:
            moves.hide(district, actor=actor)
    except ValidationError as error:
        messages.error(request, " · ".join(error.messages))
    return HttpResponseRedirect(reverse("guide_step", args=[step]))


def _show_step(
    request: HttpRequest, step: guide.Step, district: Any, forms_: Any, status: int = 200
) -> HttpResponse:
    # The link would open the pages for longer than a visit lasts.
    shows_link = step.key == "vorschau" and not getattr(request.user, "is_visit", False)
    keys = [one.key for one in guide.STEPS]
    place = keys.index(step.key)
    context = (
        district_site.each_context(request)
        | taken_off(district)
        | {
            "title": step.title,
            "step": step,
            "number": place + 1,
            "count": len(keys),
            "forms": forms_.items(),
            "together": step.saves_together,
            "is_refused": status == 422,
            "has_files": any(form.is_multipart() for form in forms_.values()),
            "previous": guide.STEPS[place - 1] if place else None,
            "next": guide.STEPS[place + 1] if place + 1 < len(keys) else None,
            "is_done": step.is_done(district),
            "shared_operator": district.operator
            if step.key == "traeger" and guide.is_shared(district.operator, district)
            else None,
            "code_sent_to": mailboxes.unproven() if step.key == "postfach" else "",
            "adds_to_operator": "operator" in forms_,
            "invited": guide.invited() if step.key == "koordination" else [],
            "solution_teams": SolutionTeam.objects.all()[:20] if step.key == "loesungsteam" else [],
            "preview_url": preview.link(district) if shows_link else "",
            "gaps": moves.gaps(district) if step.key == "veroeffentlichen" else [],
            "district_row": district,
        }
    )
    return TemplateResponse(request, "desk/guide_step.html", context, status=status)
