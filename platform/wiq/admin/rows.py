"""Inline rows of an admin page, and fields that choose rows."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from unfold.admin import StackedInline, TabularInline
from unfold.forms import PaginationFormSetMixin

from wiq.editing.forms import VERSION, VersionedForm, VersionedRows
from wiq.paging import in_full_order
from wiq.typed import row_number


def _numbers_alone(data: Any, initial: Any) -> Any:
    """Return the chosen keys, without values that are not numbers and so match no row."""
    if isinstance(data, list):
        return [value for value in data if row_number(str(value))]
    return data if row_number(str(data)) else None


class ChoosesRows:
    """Fields that choose rows; an invalid value is an error of the form.

    Django's autocomplete widget queries for any value that was sent, and fails (ValueError).
    """

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        page: Any = super()
        field = page.formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None:
            field.bound_data = _numbers_alone
        return field

    def formfield_for_manytomany(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        page: Any = super()
        field = page.formfield_for_manytomany(db_field, request, **kwargs)
        if field is not None:
            field.bound_data = _numbers_alone
        return field


def without_version(fields: Iterable[Any]) -> list[Any]:
    """Return the visible fields of a form: all but the hidden version."""
    return [name for name in fields if name != VERSION]


class PageRows(PaginationFormSetMixin, VersionedRows):
    """The rows of one page; a post edits the rows it showed, even if they have moved since."""

    model: Any
    queryset: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if kwargs.get("queryset") is not None:
            kwargs["queryset"] = in_full_order(kwargs["queryset"])
        super().__init__(*args, **kwargs)
        sent = self._sent_numbers() if self.per_page and self.is_bound else []
        if sent:
            self._queryset = self.queryset.filter(pk__in=sent)

    def _sent_numbers(self) -> list[str]:
        count = min(self.initial_form_count(), self.absolute_max)
        names = (f"{self.add_prefix(row)}-{self.model._meta.pk.name}" for row in range(count))
        numbers = (self.data.get(name, "") for name in names)
        return [number for number in numbers if row_number(number)]


class _Rows(ChoosesRows):
    """Inline rows with a hidden version, if the user may change them."""

    form = VersionedForm
    formset = PageRows
    per_page = 20

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        inline: Any = super()
        return without_version(inline.get_fields(request, obj))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        base: Any = super()
        inline: Any = self
        fieldsets = base.get_fieldsets(request, obj)
        if obj is None or not inline.has_change_permission(request, obj):
            return fieldsets
        return [*fieldsets, (None, {"fields": (VERSION,)})]


class BlockInline(_Rows, StackedInline):
    """Inline rows as stacked blocks."""

    # In stacked rows, unfold shows only the errors of single fields.
    template_before = "web/admin_row_errors.html"


class LabelledInline(_Rows, TabularInline):
    """Inline rows in a table; each field has a label for screen readers."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            field.widget.attrs["aria-label"] = str(db_field.verbose_name)
        return field
