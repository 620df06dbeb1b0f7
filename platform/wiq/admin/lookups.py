"""The filters that a list accepts in its address: only those that it offers itself.

Django lets every user of a list filter by every column, even one that no page shows. So
``?password__startswith=`` would reveal it letter by letter.
"""

from typing import Any, ClassVar

from django.contrib.admin import SimpleListFilter
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models.constants import LOOKUP_SEP
from django.http import HttpRequest

# Lookups on a column's value. Regular expressions are left out: a bad one is a database error.
ASKED = (
    *("exact", "iexact", "contains", "icontains", "startswith", "istartswith", "in", "isnull"),
    *("gt", "gte", "lt", "lte", "year", "month", "day"),
)


class ListedLookups:
    """An admin page whose list filters only by its own filters, search fields and ``lookups``."""

    lookups: ClassVar[tuple[str, ...]] = ()

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Tell whether the list accepts this filter."""
        filters = self.get_list_filter(request)
        if lookup in (str(one.parameter_name) for one in filters if _is_ours(one)):
            return True
        return any(_asks(self.model, name, lookup) for name in self.asked_for(request))  # type: ignore[attr-defined]

    def asked_for(self, request: HttpRequest) -> list[str]:
        """Return the columns by which this user may filter or search the list."""
        page: Any = self
        listed = [*self.lookups, *self.get_search_fields(request)]
        listed += [_column(one) for one in self.get_list_filter(request) if not _is_ours(one)]
        return [*listed, page.date_hierarchy] if page.date_hierarchy else listed

    def get_search_fields(self, request: HttpRequest) -> list[str]:
        """Return the columns that are searched: those that the user may see."""
        page: Any = super()
        hidden = self._hidden(request)
        return [name for name in page.get_search_fields(request) if name not in hidden]

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        """Return the filters of the list, without those by a column that the user may not see."""
        page: Any = super()
        hidden = self._hidden(request)
        return [one for one in page.get_list_filter(request) if _column(one) not in hidden]

    def _hidden(self, request: HttpRequest) -> Any:
        """Return the columns that the page leaves out for this user."""
        page: Any = self
        return page.get_exclude(request) or ()


def _is_ours(one: Any) -> bool:
    """Tell whether a filter is a class of its own: its parameter is a word, no column."""
    return isinstance(one, type) and issubclass(one, SimpleListFilter)


def _column(one: Any) -> Any:
    """Return the column of a filter that is one."""
    return one[0] if isinstance(one, list | tuple) else one


def _asks(model: type[models.Model], name: str, lookup: str) -> bool:
    """Tell whether a lookup is for this column, or for the keys of the rows it points to."""
    if lookup == name:
        return True
    if not lookup.startswith(name + LOOKUP_SEP):
        return False
    rest = lookup.removeprefix(name + LOOKUP_SEP).split(LOOKUP_SEP)
    related = _related(model, name)
    if related is None:
        return all(part in ASKED for part in rest)
    pk: Any = related._meta.pk
    return all(part in ("pk", pk.name, "exact", "in", "isnull") for part in rest)


def _related(model: type[models.Model], name: str) -> type[models.Model] | None:
    """Return the model at the end of a path if its last step is a relation."""
    found: Any = model
    for part in name.split(LOOKUP_SEP):
        try:
            found = found._meta.get_field(part).related_model
        except (AttributeError, FieldDoesNotExist):
            return None
    return found  # type: ignore[no-any-return]
