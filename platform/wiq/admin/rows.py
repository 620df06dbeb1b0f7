"""Rows at the desk and the console: of one page, and chosen from others."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from unfold.admin import StackedInline, TabularInline
from unfold.forms import PaginationFormSetMixin

from wiq.editing.forms import VERSION, VersionedForm, VersionedRows


def _numbers_alone(data: Any, initial: Any) -> Any:
    """Return what was chosen, without what is no number: no row is called that."""
    if isinstance(data, list):
        return [value for value in data if str(value).isdecimal()]
    return data if str(data).isdecimal() else None


class ChoosesRows:
    """Fields that choose rows, shown again with a mistake where something else was sent.

    Django's autocomplete widget asks the database for whatever was sent, and fails (ValueError).
    """

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]
        if field is not None:
            field.bound_data = _numbers_alone
        return field

    def formfield_for_manytomany(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        field = super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]
        if field is not None:
            field.bound_data = _numbers_alone
        return field


def without_version(fields: Iterable[Any]) -> list[Any]:
    """Return what a page shows of a form: not the version that it carries unseen."""
    return [name for name in fields if name != VERSION]


class PageRows(PaginationFormSetMixin, VersionedRows):
    """The rows of one page: what comes back are those that were shown, wherever they stand now."""

    model: Any
    queryset: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sent = self._sent_numbers() if self.per_page and self.is_bound else []
        if sent:
            self._queryset = self.queryset.filter(pk__in=sent)

    def _sent_numbers(self) -> list[str]:
        count = min(self.initial_form_count(), self.absolute_max)
        names = (f"{self.add_prefix(row)}-{self.model._meta.pk.name}" for row in range(count))
        numbers = (self.data.get(name, "") for name in names)
        return [number for number in numbers if number.isdecimal() and len(number) < 19]


class _Rows(ChoosesRows):
    """Rows that carry their versions, where they may be changed."""

    form = VersionedForm
    formset = PageRows
    per_page = 20

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return without_version(super().get_fields(request, obj))  # type: ignore[misc]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)  # type: ignore[misc]
        if obj is None or not self.has_change_permission(request, obj):  # type: ignore[attr-defined]
            return fieldsets
        return [*fieldsets, (None, {"fields": (VERSION,)})]


class BlockInline(_Rows, StackedInline):
    """Rows one under the other."""

    # Where rows stand one under the other, unfold shows the mistakes of fields alone.
    template_before = "web/admin_row_errors.html"


class LabelledInline(_Rows, TabularInline):
    """Rows whose fields say what they are, also to those who can't see the column's head."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            field.widget.attrs["aria-label"] = str(db_field.verbose_name)
        return field
