"""What the desk does with a solution team: moving it, and making sure that its page is right."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.db.models import Model
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminDateWidget, UnfoldAdminTextareaWidget

from directory.solutions import services
from directory.solutions.choices import TeamState
from directory.solutions.models import SolutionTeam
from wiq.admin.acts import Act, Group

Typed = Mapping[str, Any]


class MoveForm(forms.Form):
    """Since when a solution team is in its new state, and why."""

    state_date = forms.DateField(
        label=_("Neuer Stand seit"),
        required=False,
        widget=UnfoldAdminDateWidget,
        help_text=_("Ohne einen Tag gilt heute."),
    )
    state_reason = forms.CharField(
        label=_("Grund für den neuen Stand"),
        required=False,
        max_length=2000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
        help_text=_("Steht auf der Seite des Lösungsteams."),
    )


def of_state(team: SolutionTeam) -> Group:
    """Return the moves to all other states, each a button."""
    moves = [
        Act(str(state), _label(state), _mover(state)) for state in TeamState if state != team.state
    ]
    about = gettext("Jetzt: %s.") % team.get_state_display()
    return Group("state", _("Neuer Stand"), moves, MoveForm, about, seen=("state",))


def _label(state: TeamState) -> Any:
    if state == TeamState.DRAFT:
        return _("Zurück zum Entwurf, nicht mehr öffentlich")
    return gettext("Jetzt „%s“") % state.label


def _mover(state: TeamState) -> Callable[[SolutionTeam, Typed, Model], Any]:
    def move(team: SolutionTeam, typed: Typed, actor: Model) -> Any:
        moved = services.set_state(
            team, state, actor=actor, date=typed["state_date"], reason=typed["state_reason"]
        )
        return gettext("Das Lösungsteam ist jetzt im Stand „%s“.") % moved.get_state_display()

    return move


def of_questions(team: SolutionTeam) -> Group:
    """Return what makes sure that a page is still right."""
    acts = [
        Act("confirm", _("Heute bestätigt"), _confirm),
        Act("ask", _("Nachfragen: Stimmt das noch?"), _ask),
    ]
    about = gettext("Noch nie bestätigt.")
    if team.confirmed_at is not None:
        about = gettext("Zuletzt bestätigt am %s.") % date_format(team.confirmed_at)
    return Group("right", _("Stimmt noch alles auf der Seite?"), acts, about=about)


def _confirm(team: SolutionTeam, typed: Typed, actor: Model) -> Any:
    services.confirm(team, actor=actor)
    return _("Notiert: Heute stimmt alles auf der Seite.")


def _ask(team: SolutionTeam, typed: Typed, actor: Model) -> Any:
    if services.ask_whether_current(team):
        return _("Die Frage ist mit einer E-Mail unterwegs.")
    if not team.contact_email:
        raise forms.ValidationError(_("Dieses Lösungsteam hat keine Kontaktadresse."))
    raise forms.ValidationError(
        _("Entweder ging die Frage heute schon hinaus oder in diesem Stand wird nicht gefragt.")
    )
