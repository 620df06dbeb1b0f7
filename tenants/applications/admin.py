"""Applications at the project team's console: to read, ask back and decide."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from tenants.applications import services
from tenants.applications.models import OPEN_STATES, Application, ApplicationState
from tenants.provisioning import names
from wiq.admin.badges import colours
from wiq.admin.base import AuditedAdmin, account
from wiq.admin.sites import platform_site
from wiq.editing.forms import VersionedForm
from wiq.submissions import history
from wiq.submissions.rules import check_note
from wiq.web.choices import offer

APPROVE, ASK, DECLINE = "approve", "ask_back", "decline"
MOVES = {
    APPROVE: _("Annehmen und einrichten"),
    ASK: _("Rückfrage stellen"),
    DECLINE: _("Ablehnen"),
}


class ApplicationForm(VersionedForm):
    """The project team's decision, and the note to the applicant."""

    next_step = forms.ChoiceField(
        label=_("Was soll geschehen?"), required=False, widget=UnfoldAdminSelectWidget
    )
    note = forms.CharField(
        label=_("Text an die Person"),
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
        help_text=_("Die Frage oder der Grund. Steht auf der Seite der Person und in ihrer Mail."),
    )
    address = forms.CharField(
        label=_("Andere Adresse als gewünscht"),
        required=False,
        max_length=40,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Nur wenn die gewünschte nicht geht."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "next_step" in self.fields:
            moves: Any = MOVES.items() if self.instance.state in OPEN_STATES else ()
            if self.instance.has_failed:
                moves = [(APPROVE, _("Noch einmal einrichten"))]
            offer(self, "next_step", [("", _("Nichts")), *moves])

    def clean(self) -> dict[str, Any] | None:
        data = super().clean()
        step, note = self.cleaned_data.get("next_step"), self.cleaned_data.get("note", "")
        try:
            if step in (ASK, DECLINE):
                check_note(note)
        except ValidationError as error:
            self.add_error("note", error)
        if note and not step:
            self.add_error("next_step", _("Was soll mit dem Text geschehen?"))
        if step == APPROVE:
            wished = self.cleaned_data.get("address") or self.instance.slug
            try:
                names.check_wish(wished)
            except ValidationError as error:
                self.add_error("address", error)
        return data


@admin.register(Application, site=platform_site)
class ApplicationAdmin(AuditedAdmin):
    """The applications, each with its applicant, quarter and reasons."""

    form = ApplicationForm
    list_display = ("district_name", "city", "shown_state", "organisation", "name", "created_at")
    list_filter = ("state",)
    search_fields = ("reference", "district_name", "city", "organisation", "name", "email")
    date_hierarchy = "created_at"
    actions: ClassVar = ["mark_spam", "mark_no_spam"]
    fields = (
        *("reference", "state", "district_name", "city", "slug", "organisation", "motivation"),
        *("name", "email", "phone", "language", "created_at", "confirmed_at", "history"),
        *("order_link", "next_step", "note", "address"),
    )
    readonly_fields = tuple(name for name in fields if name not in ("next_step", "note", "address"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes applications by hand; retention does."""
        return False

    def write(self, request: HttpRequest, obj: Application, form: Any, change: bool) -> None:
        data, actor = form.cleaned_data, account(request)
        step, note = data.get("next_step"), data.get("note", "")
        if step == APPROVE:
            services.approve(obj, actor=actor, note=note, slug=data.get("address", ""))
        elif step == ASK:
            services.ask_back(obj, actor=actor, note=note)
        elif step == DECLINE:
            services.decline(obj, actor=actor, note=note)

    @admin.action(description=_("Spam"), permissions=["change"])
    def mark_spam(self, request: HttpRequest, queryset: Any) -> None:
        for application in queryset:
            services.call_spam(application, actor=account(request))

    @admin.action(description=_("Kein Spam"), permissions=["change"])
    def mark_no_spam(self, request: HttpRequest, queryset: Any) -> None:
        for application in queryset:
            services.call_no_spam(application, actor=account(request))

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
        return history.as_list(application.steps.all(), services.APPLICANT)

    @admin.display(description=_("Einrichtung"))
    def order_link(self, application: Application) -> SafeString | str:
        if application.order is None:
            return "–"
        url = reverse("plattform:provisioning_order_change", args=[application.order.pk])
        return format_html('<a href="{}">{}</a>', url, application.order.get_state_display())
