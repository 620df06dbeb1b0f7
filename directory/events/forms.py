"""The form for a date at the desk, which says in plain words how often it comes."""

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminDateWidget, UnfoldAdminSelectWidget

from directory.events import rules
from wiq.editing.forms import VersionedForm

# A rule that a program brought and the desk can't say: it stays what it is.
AS_IT_IS = "as_it_is"


RHYTHMS = [
    (rules.ONCE, _("Einmal")),
    (rules.WEEKLY, _("Jede Woche")),
    (rules.TWO_WEEKS, _("Alle zwei Wochen")),
    (rules.MONTHLY, _("Jeden Monat am selben Wochentag, zum Beispiel am zweiten Dienstag")),
    (rules.MONTHLY_LAST, _("Jeden Monat am letzten Wochentag, zum Beispiel am letzten Freitag")),
]


class EventForm(VersionedForm):
    """A date and its rhythm."""

    rhythm = forms.ChoiceField(
        label=_("Wie oft?"),
        required=False,
        choices=RHYTHMS,
        widget=UnfoldAdminSelectWidget,
        help_text=_("Der Wochentag ist der des ersten Tages."),
    )  # fmt: skip
    until = forms.DateField(
        label=_("Wiederholen bis"),
        required=False,
        widget=UnfoldAdminDateWidget,
        help_text=_("Höchstens zwei Jahre im Voraus. Nur für Termine, die wiederkommen."),
    )
    column_of: ClassVar = {"rhythm": "rule"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = self.instance.rule
        said = rules.rhythm_of(kept, self.instance.day) if kept else rules.ONCE
        rhythm = self.fields["rhythm"]
        assert isinstance(rhythm, forms.ChoiceField)
        if said is None:
            words = rules.in_words(kept, self.instance.day)
            rhythm.choices = [(AS_IT_IS, words), *RHYTHMS]
        rhythm.initial = AS_IT_IS if said is None else said
        self.fields["until"].initial = rules.last_day(kept)
        for name in ("time", "end_time"):
            self.fields[name].widget.format = "%H:%M"
        for name in ("text", "text_en"):
            self.fields[name].widget.attrs["rows"] = 4

    def clean(self) -> dict[str, Any] | None:
        """Make the rule of rhythm and end; a refusal stands beside what one would change."""
        data = super().clean()
        day, last = self.cleaned_data.get("day"), self.cleaned_data.get("end_day")
        if day is not None and last is not None and last < day:
            self.add_error("end_day", _("Der letzte Tag liegt vor dem ersten."))
        if day is None or "until" not in self.cleaned_data or "rhythm" not in self.cleaned_data:
            return data
        try:
            self.instance.rule = self._rule(
                self.cleaned_data["rhythm"], day, self.cleaned_data["until"]
            )
        except ValidationError as refused:
            self.add_error("until", refused.messages)
        return data

    def _rule(self, rhythm: str, day: date, until: date | None) -> str:
        if rhythm == AS_IT_IS:
            return rules.checked(self.instance.rule, day)
        if rhythm == rules.ONCE:
            if until is not None:
                raise ValidationError(
                    _("Ein Termin, der einmal stattfindet, wiederholt sich nicht. Soll er das?")
                )
            return ""
        if until is None:
            return rules.checked("FREQ=WEEKLY", day)
        if until.year < rules.FIRST_YEAR:
            raise ValidationError(
                _("Bitte schreiben Sie das Jahr mit vier Ziffern, zum Beispiel 2026.")
            )
        return rules.checked(rules.composed(rhythm, day, until), day)
