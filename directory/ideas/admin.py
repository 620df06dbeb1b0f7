"""Ideas at the coordinators' desk: to read, prepare, decide and answer."""

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
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from directory.ideas import services
from directory.ideas.models import MOVES, Idea, IdeaState
from wiq.admin.badges import colours
from wiq.admin.base import AuditedAdmin, account
from wiq.admin.sites import district_site
from wiq.editing.forms import VersionedForm
from wiq.submissions import history
from wiq.submissions.rules import check_note
from wiq.web.choices import offer

MESSAGE = "message"
# The desk's label for each move, which says who decides.
WORDS = {
    IdeaState.REVIEW: _("In Prüfung nehmen"),
    IdeaState.NEEDS_INFO: _("Rückfrage stellen"),
    IdeaState.ACCEPTED: _("Entscheidung des Steuerungsteams: annehmen"),
    IdeaState.DECLINED: _("Entscheidung des Steuerungsteams: ablehnen"),
    IdeaState.WITHDRAWN: _("Zurückziehen (die Person will das)"),
}
NEEDS_TEXT = (MESSAGE, IdeaState.NEEDS_INFO, IdeaState.ACCEPTED, IdeaState.DECLINED)


class IdeaForm(VersionedForm):
    """An idea's next move, and the note to its bringer."""

    next_step = forms.ChoiceField(
        label=_("Was soll geschehen?"), required=False, widget=UnfoldAdminSelectWidget
    )
    note = forms.CharField(
        label=_("Text an die Person"),
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
        help_text=_("Die Frage, die Antwort oder der Grund. Steht auf der Seite der Person und in ihrer Mail."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "next_step" in self.fields:
            moves = [(move, WORDS[IdeaState(move)]) for move in MOVES[self.instance.state]]
            offer(self, "next_step", [("", _("Nichts")), *moves, (MESSAGE, _("Nur antworten"))])

    def clean(self) -> dict[str, Any] | None:
        data = super().clean()
        step, note = self.cleaned_data.get("next_step"), self.cleaned_data.get("note", "")
        if step and (note or step in NEEDS_TEXT):
            try:
                check_note(note)
            except ValidationError as error:
                self.add_error("note", error)
        elif note and not step:
            self.add_error("next_step", _("Was soll mit dem Text geschehen?"))
        return data


@admin.register(Idea, site=district_site)
class IdeaAdmin(AuditedAdmin):
    """Ideas as residents brought them."""

    form = IdeaForm
    list_display = ("reference", "shown_state", "title", "name", "created_at")
    list_filter = ("state",)
    search_fields = ("reference", "title", "name", "email")
    date_hierarchy = "created_at"
    actions: ClassVar = ["mark_spam", "mark_no_spam"]
    fields = (
        *("reference", "state", "title", "description", "place", "wants_to_help"),
        *("name", "email", "phone", "language", "created_at", "history", "team"),
        *("next_step", "note"),
    )
    readonly_fields = tuple(name for name in fields if name not in ("next_step", "note"))

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("solution_team")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody can delete an idea by mistake; retention erases its personal part in time."""
        return False

    def write(self, request: HttpRequest, obj: Idea, form: Any, change: bool) -> None:
        step, note = form.cleaned_data.get("next_step"), form.cleaned_data.get("note", "")
        if step:
            move = services.write_to_bringer if step == MESSAGE else services.MOVE[step]
            move(obj, actor=account(request), note=note)

    @display(
        description=_("Stand"),
        ordering="state",
        label=colours(
            IdeaState,
            {
                IdeaState.RECEIVED: "danger",
                IdeaState.REVIEW: "warning",
                IdeaState.ACCEPTED: "success",
            },
        ),
    )
    def shown_state(self, idea: Idea) -> tuple[str, str]:
        return idea.state, idea.get_state_display()

    @admin.display(description=_("Verlauf"))
    def history(self, idea: Idea) -> SafeString:
        return history.as_list(idea.steps.all(), services.BRINGER)

    @admin.display(description=_("Lösungsteam daraus"))
    def team(self, idea: Idea) -> SafeString | str:
        if idea.solution_team is None:
            return "–"
        url = reverse("koordination:solutions_solutionteam_change", args=[idea.solution_team.pk])
        return format_html('<a href="{}">{}</a>', url, idea.solution_team.name)

    @admin.action(description=_("Spam"), permissions=["change"])
    def mark_spam(self, request: HttpRequest, queryset: Any) -> None:
        for idea in queryset:
            services.call_spam(idea, actor=account(request))

    @admin.action(description=_("Kein Spam"), permissions=["change"])
    def mark_no_spam(self, request: HttpRequest, queryset: Any) -> None:
        for idea in queryset:
            services.call_no_spam(idea, actor=account(request))
