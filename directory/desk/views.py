"""The desk's page for a resident's rights: see or erase what is stored about an address."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods
from unfold.widgets import UnfoldAdminEmailInputWidget, UnfoldBooleanWidget

from directory.desk import subject_data
from wiq.web.admin_site import account, district_site


class AddressForm(forms.Form):
    """Whose data is meant, and, for erasing, that it is meant."""

    email = forms.EmailField(label=_("E-Mail-Adresse"), widget=UnfoldAdminEmailInputWidget)
    sure = forms.BooleanField(
        label=_("Ja, alles zu dieser Adresse unwiderruflich löschen"),
        required=False,
        widget=UnfoldBooleanWidget,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def personal_data(request: HttpRequest) -> HttpResponse:
    """Hand out or erase what is stored about an address, for coordinators."""
    user: Any = request.user
    if not user.has_perm("contact.change_contactrequest"):
        raise PermissionDenied
    form = AddressForm(request.POST or None)
    erased: dict[str, int] | None = None
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
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
            erased = subject_data.erase(email, actor=account(request))
        else:
            form.add_error("sure", _("Bitte bestätigen Sie, dass gelöscht werden soll."))
    context = district_site.each_context(request) | {
        "title": _("Auskunft und Löschen"),
        "form": form,
        "erased": erased,
    }
    status = 422 if form.errors else 200
    return TemplateResponse(request, "desk/personal_data.html", context, status=status)
