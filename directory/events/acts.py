"""What the desk does with a date: cancelling it, and moving or cancelling one day of a series."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminDateWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldAdminTimeWidget,
)

from directory.events import access, services
from directory.events.models import Event, Occurrence
from wiq.admin.acts import Act, Group

Typed = Mapping[str, Any]
OFFERED = 120


class WordForm(forms.Form):
    """Why something does not take place."""

    word = forms.CharField(
        label=_("Warum?"),
        required=False,
        max_length=300,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Ein kurzer Satz. Er steht auf der Seite."),
    )


class DateForm(WordForm):
    """One day of a series, and where it goes."""

    which = forms.ChoiceField(label=_("Welcher Tag?"), widget=UnfoldAdminSelectWidget)
    day = forms.DateField(label=_("Neuer Tag"), required=False, widget=UnfoldAdminDateWidget)
    time = forms.TimeField(label=_("Neuer Beginn"), required=False, widget=UnfoldAdminTimeWidget)
    end_time = forms.TimeField(label=_("Neues Ende"), required=False, widget=UnfoldAdminTimeWidget)
    place = forms.CharField(
        label=_("Anderer Ort"), required=False, max_length=200, widget=UnfoldAdminTextInputWidget
    )
    field_order = ("which", "word", "day", "time", "end_time", "place")


def of_event(event: Event) -> Group:
    """Return what cancels a date with all its days, or lets it take place after all."""
    if event.is_cancelled:
        about = gettext("Abgesagt: %s") % event.word
        back = Act("take_back", _("Findet doch statt"), _take_back, look="primary")
        return Group("all", _("Absage"), [back], about=about, seen=("is_cancelled",))
    cancel = Act("cancel", _("Ganz absagen"), _cancel, "word", look="danger")
    return Group(
        "all", _("Ganz absagen"), [cancel], WordForm, seen=("is_cancelled",), is_folded=True
    )


def of_days(event: Event) -> Group:
    """Return what moves one day that is still to come, and in a series also what cancels it."""
    rows = list(event.occurrences.coming().in_order()[:OFFERED])
    offered = [(str(row.pk), _name(row)) for row in rows]
    which = forms.ChoiceField(
        label=DateForm.base_fields["which"].label,
        choices=offered,
        initial=next(iter(offered), ("", ""))[0],
        widget=UnfoldAdminSelectWidget if event.rule else forms.HiddenInput,
    )
    form = type("DateForm", (DateForm,), {"which": which})
    acts = [Act("move", _("Verschieben"), _move, "day")]
    if event.rule:
        acts.append(Act("cancel", _("Diesen Tag absagen"), _cancel_day, "word", look="danger"))
    if any(row.change for row in rows):
        acts.append(Act("back", _("Doch wie geplant"), _take_back_day))
    about = _("Zum Verschieben nennen Sie, was sich ändert: Tag, Beginn, Ende oder Ort.")
    title = _("Einen Tag verschieben oder absagen") if event.rule else _("Verschieben")
    return Group("day", title, acts if rows else [], form, about, is_folded=True)


def _name(row: Occurrence) -> str:
    words = f"{date_format(row.day, 'l')}, {date_format(row.day, 'DATE_FORMAT')}, "
    words += time_format(row.time, "TIME_FORMAT")
    return f"{words} ({row.get_change_display()})" if row.change else words


def _cancel(event: Event, typed: Typed, actor: Model) -> Any:
    services.cancel(event, word=typed["word"], actor=actor)
    return _("Der Termin ist abgesagt. Auf der Seite steht, warum.")


def _take_back(event: Event, typed: Typed, actor: Model) -> Any:
    services.take_back(event, actor=actor)
    return _("Der Termin findet statt.")


def _day(event: Event, typed: Typed) -> Occurrence:
    return access.date_of(event, int(typed["which"]))


def _move(event: Event, typed: Typed, actor: Model) -> Any:
    row = _day(event, typed)
    columns = ("day", "time", "end_time", "place")
    wanted = {name: typed[name] for name in columns if typed[name]}
    if not wanted:
        raise ValidationError({"day": _("Wohin soll der Tag? Bitte nennen Sie, was sich ändert.")})
    moved_by = wanted.get("day", row.day) - row.day
    as_it_is: dict[str, Any] = {name: getattr(row, name) for name in columns}
    services.move_date(
        row, **(as_it_is | wanted), end_day=row.end_day + moved_by, word=typed["word"], actor=actor
    )
    return _("Der Tag ist verschoben. Auf der Seite steht, warum.")


def _cancel_day(event: Event, typed: Typed, actor: Model) -> Any:
    services.cancel_date(_day(event, typed), word=typed["word"], actor=actor)
    return _("Dieser Tag ist abgesagt. Auf der Seite steht, warum.")


def _take_back_day(event: Event, typed: Typed, actor: Model) -> Any:
    services.take_back_date(_day(event, typed), actor=actor)
    return _("Dieser Tag findet statt, wie er geplant war.")
