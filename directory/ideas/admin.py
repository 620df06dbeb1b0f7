"""Ideas at the coordinators' desk: to read, prepare, decide and answer."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextareaWidget

from directory.ideas import services
from directory.ideas.models import MOVES, Idea, IdeaState
from wiq.admin.acts import Act, Group
from wiq.admin.badges import colours
from wiq.admin.sites import district_site
from wiq.admin.submissions import SubmissionAdmin, Typed
from wiq.submissions.rules import check_note

# The desk's label for each move, which says who decides.
WORDS = {
    IdeaState.REVIEW: _("In Prüfung nehmen"),
    IdeaState.NEEDS_INFO: _("Rückfrage stellen"),
    IdeaState.ACCEPTED: _("Entscheidung des Steuerungsteams: annehmen"),
    IdeaState.DECLINED: _("Entscheidung des Steuerungsteams: ablehnen"),
    IdeaState.WITHDRAWN: _("Zurückziehen, die Person will das"),
}


class NoteForm(forms.Form):
    """The text that goes with a move, or alone."""

    note = forms.CharField(
        label=_("Text an die Person"),
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
        help_text=_("Die Frage, die Antwort oder der Grund. Steht auf der Seite der Person und in ihrer E-Mail."),
    )  # fmt: skip


def _mover(state: str) -> Callable[[Idea, Typed, Model], Any]:
    def move(idea: Idea, typed: Typed, actor: Model) -> Any:
        note = typed["note"]
        moved = services.MOVE[state](idea, actor=actor, note=check_note(note) if note else "")
        return gettext("Die Idee ist jetzt im Stand „%s“.") % moved.get_state_display()

    return move


def _write(idea: Idea, typed: Typed, actor: Model) -> Any:
    services.write_to_bringer(idea, actor=actor, note=typed["note"])
    return _("Ihr Text steht auf der Seite der Person und ist mit einer E-Mail unterwegs.")


@admin.register(Idea, site=district_site)
class IdeaAdmin(SubmissionAdmin):
    """Ideas as residents brought them."""

    list_display = ("reference", "shown_state", "title", "name", "created_at")
    list_filter = ("state",)
    search_fields = ("reference", "title", "name", "email")
    date_hierarchy = "created_at"
    act_form = NoteForm
    fields = (
        *("reference", "state", "title", "description", "place", "wants_to_help"),
        *("name", "email", "phone", "spoken", "created_at", "history", "team"),
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("solution_team")

    def acts_of(self, obj: Idea) -> list[Act]:
        """Return the moves that are possible now."""
        if obj.anonymised_at is not None:
            return []
        if obj.state == IdeaState.SPAM:
            return [
                self.no_spam_act(_("Kein Spam mehr. Die Idee steht wieder, wo sie vorher stand."))
            ]
        moves = [
            Act(str(state), WORDS[IdeaState(state)], _mover(state), "note")
            for state in MOVES[obj.state]
        ]
        return [*moves, Act("message", _("Nur antworten"), _write, "note"), self.spam_act()]

    def group_of(self, acts: list[Act], form: type[forms.Form]) -> Group:
        return Group("move", _("Was soll geschehen?"), acts, form, seen=("state",))

    def call_spam(self, obj: Idea, *, actor: Model) -> Idea:
        return services.call_spam(obj, actor=actor)

    def call_no_spam(self, obj: Idea, *, actor: Model) -> Idea:
        return services.call_no_spam(obj, actor=actor)

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

    @admin.display(description=_("Lösungsteam daraus"))
    def team(self, idea: Idea) -> SafeString | str:
        if idea.solution_team is None:
            return "–"
        url = reverse("koordination:solutions_solutionteam_change", args=[idea.solution_team.pk])
        return format_html('<a href="{}">{}</a>', url, idea.solution_team.name)
