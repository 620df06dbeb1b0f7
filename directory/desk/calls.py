"""Recording what somebody said on the telephone or at the door, as a request."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from directory.contact import services
from directory.contact.forms import ContactForm
from directory.conversations import writing
from directory.desk.frame import desk_page, show
from tenants.districts.requests import DistrictRequest
from wiq.admin.base import account


class CallForm(forms.Form):
    """What the caller said. The rules are those of the residents' form."""

    name = forms.CharField(label=_("Name"), max_length=120)
    phone = forms.CharField(label=_("Telefon"), required=False)
    email = forms.EmailField(label=_("E-Mail-Adresse"), required=False)
    message = forms.CharField(
        label=_("Worum ging es?"), widget=forms.Textarea(attrs={"rows": 6}), max_length=5000
    )

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if not self.errors and not (data.get("email") or data.get("phone")):
            self.add_error(
                "phone", _("Bitte geben Sie eine Telefonnummer oder eine E-Mail-Adresse an.")
            )
        for name in self.fields:
            rule: Any = getattr(ContactForm.base_fields[name], "rule", None)
            if rule is not None and name not in self.errors:
                try:
                    data[name] = rule(data.get(name, ""))
                except ValidationError as error:
                    self.add_error(name, error)
        return data


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(permission="contact.add_contactrequest")
def record(request: DistrictRequest) -> HttpResponse:
    """Show the form for a call, and save it; whoever typed it takes it."""
    form = CallForm(request.POST if request.method == "POST" else None, auto_id="%s")
    if request.method == "POST" and form.is_valid():
        made = services.record_call(team=None, actor=account(request), **form.cleaned_data)
        found = writing.conversation_of(made)
        return HttpResponseRedirect(reverse("desk_letter", args=[found.reference]))
    status = 422 if form.errors else 200
    return show(request, "desk/call.html", {"nav": "inbox", "form": form}, status=status)
