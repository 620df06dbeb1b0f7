"""Recording what somebody said on the telephone or at the door, as a request or an idea."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from directory.contact import services as contact
from directory.contact.forms import ContactForm
from directory.conversations import writing
from directory.desk.frame import desk_page, show
from directory.ideas import services as ideas
from directory.ideas.rules import check_title
from tenants.districts.requests import DistrictRequest
from wiq.actors import Actor
from wiq.admin.base import account
from wiq.submissions.models import Origin, Submission

REQUEST, IDEA = "anfrage", "idee"


class CallForm(forms.Form):
    """What somebody said. The rules are those of the residents' forms."""

    origin = forms.ChoiceField(
        label=_("Wie kam das zu Ihnen?"),
        choices=[(Origin.PHONE.value, _("angerufen")), (Origin.VISIT.value, _("vorbeigekommen"))],
        initial=Origin.PHONE.value,
        required=False,
    )
    sort = forms.ChoiceField(
        label=_("Was ist es?"),
        choices=[(REQUEST, _("Anfrage")), (IDEA, _("Idee"))],
        initial=REQUEST,
        required=False,
    )
    name = forms.CharField(label=_("Name"), max_length=120)
    phone = forms.CharField(label=_("Telefon"), required=False)
    email = forms.EmailField(label=_("E-Mail-Adresse"), required=False)
    title = forms.CharField(
        label=_("Die Idee in ein paar Worten"),
        help_text=_("Bei einer Anfrage bleibt das leer."),
        required=False,
    )
    message = forms.CharField(
        label=_("Worum ging es?"), widget=forms.Textarea(attrs={"rows": 6}), max_length=5000
    )

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if not self.errors and not (data.get("email") or data.get("phone")):
            self.add_error(
                "phone", _("Bitte geben Sie eine Telefonnummer oder eine E-Mail-Adresse an.")
            )
        for name in ("name", "phone", "email", "message"):
            self._judge(name, getattr(ContactForm.base_fields[name], "rule", None))
        if data.get("sort") == IDEA:
            self._judge("title", check_title)
        return data

    def _judge(self, name: str, rule: Any) -> None:
        if rule is None or name in self.errors:
            return
        try:
            self.cleaned_data[name] = rule(self.cleaned_data.get(name, ""))
        except ValidationError as error:
            self.add_error(name, error)

    def record(self, actor: Actor) -> Submission:
        """Save what was said. Whoever said it is told that it arrived, if there is an address."""
        data = self.cleaned_data
        who = {name: data[name] for name in ("name", "email", "phone")}
        origin = Origin(data["origin"] or Origin.PHONE)
        if data["sort"] == IDEA:
            return ideas.record_call(
                title=data["title"], description=data["message"], origin=origin, actor=actor, **who
            )
        return contact.record_call(
            team=None, message=data["message"], origin=origin, actor=actor, **who
        )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(permission="contact.add_contactrequest")
def record(request: DistrictRequest) -> HttpResponse:
    """Show the form for a call or a visit, and save it."""
    form = CallForm(request.POST if request.method == "POST" else None, auto_id="%s")
    if request.method == "POST" and form.is_valid():
        found = writing.conversation_of(form.record(account(request)))
        return HttpResponseRedirect(reverse("desk_letter", args=[found.reference]))
    status = 422 if form.errors else 200
    return show(request, "desk/call.html", {"nav": "inbox", "form": form}, status=status)
