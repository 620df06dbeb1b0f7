"""Applications at the project team's console: to read, ask back and decide."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from tenants.applications import services
from tenants.applications.models import OPEN_STATES, Application, ApplicationState
from wiq.admin.acts import Act, Group, told
from wiq.admin.badges import colours
from wiq.admin.base import AuditedAdmin, account
from wiq.admin.sites import platform_site
from wiq.submissions import history

Typed = Mapping[str, Any]


class DecisionForm(forms.Form):
    """What goes with a decision: a text to the applicant, and another address for the quarter."""

    note = forms.CharField(
        label=_("Text an die Person"),
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
        help_text=_(
            "Eine Rückfrage und eine Ablehnung brauchen ihn, sonst dürfen Sie ihn weglassen. Er steht auf der Seite der Person und in ihrer Mail."
        ),
    )
    address = forms.CharField(
        label=_("Andere Adresse als gewünscht"),
        required=False,
        max_length=40,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Nur zum Annehmen, und nur wenn die gewünschte nicht geht."),
    )


def _approve(application: Application, typed: Typed, actor: Model) -> Any:
    services.approve(application, actor=actor, note=typed["note"], slug=typed["address"].strip())
    return _("Angenommen. Das Quartier wird jetzt eingerichtet, die Person bekommt eine Mail.")


def _ask(application: Application, typed: Typed, actor: Model) -> Any:
    services.ask_back(application, actor=actor, note=typed["note"])
    return _(
        "Die Rückfrage ist unterwegs. Die Antwort steht dann hier, und Sie bekommen eine Mail."
    )


def _decline(application: Application, typed: Typed, actor: Model) -> Any:
    services.decline(application, actor=actor, note=typed["note"])
    return _("Abgelehnt. Die Person bekommt Ihren Text mit der Mail.")


def _call_spam(application: Application, typed: Typed, actor: Model) -> Any:
    services.call_spam(application, actor=actor)
    return _("Als Spam abgelegt. Niemand bekommt eine Mail.")


def _call_no_spam(application: Application, typed: Typed, actor: Model) -> Any:
    services.call_no_spam(application, actor=actor)
    return _("Kein Spam mehr. Die Anmeldung steht wieder, wo sie vorher stand.")


SPAM = Act("spam", _("Als Spam ablegen"), _call_spam)


def _acts(application: Application) -> list[Act]:
    """Return the decisions that are possible now."""
    if application.anonymised_at is not None:
        return []
    if application.state == ApplicationState.SPAM:
        return [Act("no_spam", _("Kein Spam"), _call_no_spam, look="primary")]
    if application.has_failed:
        again = _("Noch einmal einrichten")
        return [Act("approve", again, _approve, field="address", look="primary")]
    if application.state in OPEN_STATES:
        return [
            Act("approve", _("Annehmen und einrichten"), _approve, "address", look="primary"),
            Act("ask_back", _("Rückfrage stellen"), _ask, "note"),
            Act("decline", _("Ablehnen"), _decline, "note", look="danger"),
            SPAM,
        ]
    return [SPAM] if application.state in Application.WAITING else []


@admin.register(Application, site=platform_site)
class ApplicationAdmin(AuditedAdmin):
    """The applications, each with its applicant, quarter and reasons."""

    list_display = ("district_name", "city", "shown_state", "organisation", "name", "created_at")
    list_filter = ("state",)
    search_fields = ("reference", "district_name", "city", "organisation", "name", "email")
    date_hierarchy = "created_at"
    actions: ClassVar = ["mark_spam", "mark_no_spam"]
    fields = (
        *("reference", "state", "district_name", "city", "slug", "organisation", "motivation"),
        *("name", "email", "phone", "language", "created_at", "confirmed_at", "history"),
        "order_link",
    )
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes applications by hand; retention does."""
        return False

    def get_acts(self, request: HttpRequest, obj: Application) -> list[Group]:
        acts = _acts(obj)
        # Without an act it is shown only to whoever typed a text while somebody else decided.
        has_text = not acts or any(act.field for act in acts)
        form = DecisionForm if has_text else forms.Form
        return [Group("decide", _("Wie entscheiden Sie?"), acts, form, seen=("state",))]

    def write(self, request: HttpRequest, obj: Application, form: Any, change: bool) -> None:
        """Do nothing: the decisions are acts, and nothing else can be changed."""

    @admin.action(description=_("Als Spam ablegen"), permissions=["change"])
    def mark_spam(self, request: HttpRequest, queryset: Any) -> None:
        self._move(request, queryset, services.call_spam)

    @admin.action(description=_("Kein Spam"), permissions=["change"])
    def mark_no_spam(self, request: HttpRequest, queryset: Any) -> None:
        self._move(request, queryset, services.call_no_spam)

    def _move(self, request: HttpRequest, queryset: Any, move: Any) -> None:
        moves = [move(one, actor=account(request)).state != one.state for one in queryset]
        self.message_user(request, told(sum(moves), len(moves)))

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

    @admin.display(description=_("Verlauf"))
    def history(self, application: Application) -> SafeString:
        return history.as_list(application.steps.all())

    @admin.display(description=_("Einrichtung"))
    def order_link(self, application: Application) -> SafeString | str:
        if application.order is None:
            return "–"
        url = reverse("plattform:provisioning_order_change", args=[application.order.pk])
        return format_html('<a href="{}">{}</a>', url, application.order.get_state_display())
