"""Ideas at the coordinators' desk: to read, prepare, decide and answer."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

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
from wiq.admin.acts import Act, Group, told
from wiq.admin.badges import colours
from wiq.admin.base import AuditedAdmin, account
from wiq.admin.sites import district_site
from wiq.submissions import history
from wiq.submissions.rules import check_note

Typed = Mapping[str, Any]
# The desk's label for each move, which says who decides.
WORDS = {
    IdeaState.REVIEW: _("In Prüfung nehmen"),
    IdeaState.NEEDS_INFO: _("Rückfrage stellen"),
    IdeaState.ACCEPTED: _("Entscheidung des Steuerungsteams: annehmen"),
    IdeaState.DECLINED: _("Entscheidung des Steuerungsteams: ablehnen"),
    IdeaState.WITHDRAWN: _("Zurückziehen (die Person will das)"),
}


class NoteForm(forms.Form):
    """The text that goes with a move, or alone."""

    note = forms.CharField(
        label=_("Text an die Person"),
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
        help_text=_("Die Frage, die Antwort oder der Grund. Steht auf der Seite der Person und in ihrer Mail."),
    )  # fmt: skip


def _mover(state: str) -> Callable[[Idea, Typed, Model], Any]:
    def move(idea: Idea, typed: Typed, actor: Model) -> Any:
        note = typed["note"]
        moved = services.MOVE[state](idea, actor=actor, note=check_note(note) if note else "")
        return gettext("Die Idee ist jetzt im Stand „%s“.") % moved.get_state_display()

    return move


def _write(idea: Idea, typed: Typed, actor: Model) -> Any:
    services.write_to_bringer(idea, actor=actor, note=typed["note"])
    return _("Ihr Text steht auf der Seite der Person und ist mit einer Mail unterwegs.")


def _call_spam(idea: Idea, typed: Typed, actor: Model) -> Any:
    services.call_spam(idea, actor=actor)
    return _("Als Spam abgelegt. Niemand bekommt eine Mail.")


def _call_no_spam(idea: Idea, typed: Typed, actor: Model) -> Any:
    services.call_no_spam(idea, actor=actor)
    return _("Kein Spam mehr. Die Idee steht wieder, wo sie vorher stand.")


def _acts(idea: Idea) -> list[Act]:
    """Return the moves that are possible now."""
    if idea.anonymised_at is not None:
        return []
    if idea.state == IdeaState.SPAM:
        return [Act("no_spam", _("Kein Spam"), _call_no_spam, look="primary")]
    moves = [
        Act(str(state), WORDS[IdeaState(state)], _mover(state), "note")
        for state in MOVES[idea.state]
    ]
    write = Act("message", _("Nur antworten"), _write, "note")
    return [*moves, write, Act("spam", _("Als Spam ablegen"), _call_spam)]


@admin.register(Idea, site=district_site)
class IdeaAdmin(AuditedAdmin):
    """Ideas as residents brought them."""

    list_display = ("reference", "shown_state", "title", "name", "created_at")
    list_filter = ("state",)
    search_fields = ("reference", "title", "name", "email")
    date_hierarchy = "created_at"
    actions: ClassVar = ["mark_spam", "mark_no_spam"]
    fields = (
        *("reference", "state", "title", "description", "place", "wants_to_help"),
        *("name", "email", "phone", "language", "created_at", "history", "team"),
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("solution_team")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody can delete an idea by mistake; retention erases its personal part in time."""
        return False

    def get_acts(self, request: HttpRequest, obj: Idea) -> list[Group]:
        acts = _acts(obj)
        # Without an act it is shown only to whoever typed a text while somebody else decided.
        has_text = not acts or any(act.field for act in acts)
        form = NoteForm if has_text else forms.Form
        return [Group("move", _("Was soll geschehen?"), acts, form, seen=("state",))]

    def write(self, request: HttpRequest, obj: Idea, form: Any, change: bool) -> None:
        """Do nothing: what happens to an idea are acts, and nothing else can be changed."""

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
        return history.as_list(idea.steps.all())

    @admin.display(description=_("Lösungsteam daraus"))
    def team(self, idea: Idea) -> SafeString | str:
        if idea.solution_team is None:
            return "–"
        url = reverse("koordination:solutions_solutionteam_change", args=[idea.solution_team.pk])
        return format_html('<a href="{}">{}</a>', url, idea.solution_team.name)

    @admin.action(description=_("Als Spam ablegen"), permissions=["change"])
    def mark_spam(self, request: HttpRequest, queryset: Any) -> None:
        self._move(request, queryset, services.call_spam)

    @admin.action(description=_("Kein Spam"), permissions=["change"])
    def mark_no_spam(self, request: HttpRequest, queryset: Any) -> None:
        self._move(request, queryset, services.call_no_spam)

    def _move(self, request: HttpRequest, queryset: Any, move: Any) -> None:
        moves = [move(idea, actor=account(request)).state != idea.state for idea in queryset]
        self.message_user(request, told(sum(moves), len(moves)))
