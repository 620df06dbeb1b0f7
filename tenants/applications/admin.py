"""Applications at the project team's console: to read, ask back and decide."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from tenants.applications import services
from tenants.applications.models import OPEN_STATES, Application, ApplicationState
from tenants.cells import room
from wiq.admin.acts import Act, Group
from wiq.admin.badges import colours
from wiq.admin.sites import platform_site
from wiq.admin.submissions import SubmissionAdmin, Typed


class DecisionForm(forms.Form):
    """What goes with a decision: a text to the applicant, and another address for the quarter."""

    note = forms.CharField(
        label=_("Text an die Person"),
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
        help_text=_(
            "Eine Rückfrage und eine Ablehnung brauchen ihn, sonst dürfen Sie ihn weglassen. Er steht auf der Seite der Person und in ihrer E-Mail."
        ),
    )
    address = forms.CharField(
        label=_("Andere Adresse als gewünscht"),
        required=False,
        max_length=40,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Nur zum Annehmen, falls die gewünschte Adresse nicht geht."),
    )


def _approve(application: Application, typed: Typed, actor: Model) -> Any:
    services.approve(application, actor=actor, note=typed["note"], slug=typed["address"].strip())
    return _("Angenommen. Das Quartier wird jetzt eingerichtet, die Person bekommt eine E-Mail.")


def _ask(application: Application, typed: Typed, actor: Model) -> Any:
    services.ask_back(application, actor=actor, note=typed["note"])
    return _(
        "Die Rückfrage ist unterwegs. Die Antwort steht dann hier. Sie bekommen auch eine E-Mail."
    )


def _decline(application: Application, typed: Typed, actor: Model) -> Any:
    services.decline(application, actor=actor, note=typed["note"])
    return _("Abgelehnt. Die Person bekommt Ihren Text mit der E-Mail.")


@admin.register(Application, site=platform_site)
class ApplicationAdmin(SubmissionAdmin):
    """The applications, each with its applicant, quarter and reasons."""

    list_display = ("district_name", "city", "shown_state", "organisation", "name", "created_at")
    list_filter = ("state",)
    search_fields = ("reference", "district_name", "city", "organisation", "name", "email")
    date_hierarchy = "created_at"
    act_form = DecisionForm
    fields = (
        *("reference", "state", "district_name", "city", "slug", "organisation", "motivation"),
        *("name", "email", "phone", "spoken", "created_at", "confirmed_at", "history"),
        "order_link",
    )
    readonly_fields = (*fields, "room_left")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show first that there is no room, while somebody has to decide."""
        asks = obj is not None and obj.state in OPEN_STATES and room.if_full() is not None
        return (*(("room_left",) if asks else ()), *super().get_fields(request, obj))

    @admin.display(description=_("Platz"))
    def room_left(self, application: Application) -> SafeString:
        return SafeString(render_to_string("cells/_room.html", {"full": room.if_full()}))

    def acts_of(self, obj: Application) -> list[Act]:
        """Return the decisions that are possible now."""
        if obj.anonymised_at is not None:
            return []
        if obj.state == ApplicationState.SPAM:
            said = _("Kein Spam mehr. Die Anmeldung steht wieder, wo sie vorher stand.")
            return [self.no_spam_act(said)]
        if obj.has_failed:
            again = _("Noch einmal einrichten")
            return [Act("approve", again, _approve, field="address", look="primary")]
        if obj.state in OPEN_STATES:
            return [
                Act("approve", _("Annehmen und einrichten"), _approve, "address", look="primary"),
                Act("ask_back", _("Rückfrage stellen"), _ask, "note"),
                Act("decline", _("Ablehnen"), _decline, "note", look="danger"),
                self.spam_act(),
            ]
        return [self.spam_act()] if obj.state in Application.WAITING else []

    def group_of(self, acts: list[Act], form: type[forms.Form]) -> Group:
        return Group("decide", _("Wie entscheiden Sie?"), acts, form, seen=("state",))

    def call_spam(self, obj: Application, *, actor: Model) -> Application:
        return services.call_spam(obj, actor=actor)

    def call_no_spam(self, obj: Application, *, actor: Model) -> Application:
        return services.call_no_spam(obj, actor=actor)

    @display(
        description=_("Stand"),
        ordering="state",
        label=colours(
            ApplicationState,
            {
                ApplicationState.SUBMITTED: "danger",
                ApplicationState.ASKED_BACK: "warning",
                ApplicationState.APPROVED: "success",
            },
        ),
    )
    def shown_state(self, application: Application) -> tuple[str, str]:
        return application.state, application.get_state_display()

    @admin.display(description=_("Einrichtung"))
    def order_link(self, application: Application) -> SafeString | str:
        if application.order is None:
            return "–"
        url = reverse("plattform:provisioning_order_change", args=[application.order.pk])
        return format_html('<a href="{}">{}</a>', url, application.order.get_state_display())
