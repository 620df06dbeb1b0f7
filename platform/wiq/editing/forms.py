"""Forms and inline rows that notice when somebody else has changed the row meanwhile."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.models import BaseInlineFormSet, model_to_dict
from django.utils.translation import gettext_lazy as _

from wiq.editing.gone_rows import sent_keys, with_gone_rows_last
from wiq.editing.versions import in_words, version_of
from wiq.typed import row_number, with_plain_line_ends

VERSION = "seen_version"
FASTER = _(
    "Jemand war schneller: Das hier hat sich geändert, seit Sie es geöffnet haben. Was jetzt dort steht, lesen Sie bei den Feldern. Speichern Sie noch einmal, gilt, was Sie geschrieben haben."
)
GONE = _(
    "Jemand war schneller: Eine Zeile gibt es nicht mehr. Was Sie geschrieben haben, steht noch hier. Speichern Sie noch einmal, wird die Zeile neu angelegt."
)


class Version(forms.CharField):
    """The version of the row that the user saw. Nobody types it, so it is never a change."""

    widget = forms.HiddenInput

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class VersionedForm(forms.ModelForm):
    """A form that carries its row's version; it refuses once to overwrite a newer one.

    Validate it in the transaction that saves: the row stays locked until its end. Line breaks come
    in as LF, so that a text nobody touched counts as unchanged and is not saved anew.
    """

    seen_version = Version(required=False)
    is_stale = False
    # For fields whose column has another name.
    column_of: ClassVar[dict[str, str]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.compared = {
            name: column for name, column in self._columns().items() if name in self.fields
        }
        if self.instance.pk is not None and not self.is_bound:
            self.fields[VERSION].initial = version_of(self.instance, self._versioned())

    def _widget_data_value(self, widget: forms.Widget, html_name: str) -> Any:
        value = super()._widget_data_value(widget, html_name)  # type: ignore[misc]
        return with_plain_line_ends(value) if isinstance(value, str) else value

    def _columns(self) -> dict[str, str]:
        meta = self._meta.model._meta
        return {
            field.name: field.name for field in (*meta.concrete_fields, *meta.many_to_many)
        } | self.column_of

    def _versioned(self) -> set[str]:
        """Return the columns that make up a version: those in the form, and the state."""
        has_state = "state" in (field.name for field in self._meta.model._meta.concrete_fields)
        return {*self.compared.values(), *(("state",) if has_state else ())}

    def clean(self) -> dict[str, Any] | None:
        data = super().clean()
        seen = self.cleaned_data.get(VERSION)
        if seen and self.instance.pk is not None and self.has_changed():
            self._compare(seen)
        return data

    def _compare(self, seen: str) -> None:
        """Compare the row with the version that the user saw; show changed values beside theirs."""
        rows = type(self.instance)._base_manager.select_for_update(no_key=True)
        stored = rows.filter(pk=self.instance.pk).first()
        if stored is None:
            self.add_error(None, GONE)
            return
        now = version_of(stored, self._versioned())
        if now == seen:
            return
        self.is_stale = True
        data: Any = self.data
        self.data = data.copy()
        self.data[self.add_prefix(VERSION)] = now  # type: ignore[index]
        self.add_error(None, FASTER)
        for name, column in self.compared.items():
            self._tell(stored, name, column)
        if "state" in self._versioned() - set(self.compared.values()):
            self.add_error(None, _now(stored, "state", _("Der Stand ist jetzt: %(text)s")))

    def _tell(self, stored: models.Model, name: str, column: str) -> None:
        initial = model_to_dict(stored, [column]).get(column, getattr(stored, column))
        if self.fields[name].has_changed(initial, self[name].data):
            self.add_error(name, _now(stored, column, _("Jetzt steht dort: %(text)s")))


def _now(stored: models.Model, column: str, sentence: Any) -> ValidationError:
    return ValidationError(sentence, params={"text": in_words(stored, column)})


class VersionedRows(BaseInlineFormSet):
    """Inline rows, each a VersionedForm, so that a conflict refuses a row and not the page."""

    _pk_field: Any
    model: Any
    fk: Any
    absolute_max: Any
    has_gone_rows = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Take rows that are gone as new ones; the first answer says so (``gone_rows``)."""
        if kwargs.get("data") is not None and getattr(kwargs.get("instance"), "pk", None):
            self._take_gone_rows(kwargs)
        super().__init__(*args, **kwargs)

    def _take_gone_rows(self, sent: dict[str, Any]) -> None:
        prefix = sent.get("prefix") or self.get_default_prefix()
        key, data = self.model._meta.pk.name, sent["data"]
        keys = sent_keys(data, prefix, key, self.absolute_max)
        numbers = [number for number in keys if row_number(number)]
        rows = self.model._default_manager.filter(**{self.fk.name: sent["instance"]})
        there = {str(pk) for pk in rows.filter(pk__in=numbers).values_list("pk", flat=True)}
        gone = [row for row, number in enumerate(keys) if number and number not in there]
        if not gone:
            return
        self.has_gone_rows = any(not data.get(f"{prefix}-{row}-DELETE") for row in gone)
        for name in ("data", "files"):
            if sent.get(name) is not None:
                sent[name] = with_gone_rows_last(
                    sent[name], prefix, gone, (key, VERSION), self.absolute_max
                )

    def _should_delete_form(self, form: Any) -> bool:
        """Delete no row that somebody else has changed meanwhile."""
        wanted = super()._should_delete_form(form)  # type: ignore[misc]
        return bool(wanted) and not form.is_stale

    def clean(self) -> None:
        super().clean()
        is_odd = any(self._pk_field.name in form.errors for form in self.initial_forms)
        if self.has_gone_rows or is_odd:
            raise ValidationError(GONE)
