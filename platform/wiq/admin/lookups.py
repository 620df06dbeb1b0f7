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
        return any(_asks(self.model, name, lookup) for name in self._listed(request))  # type: ignore[attr-defined]

    def _listed(self, request: HttpRequest) -> list[str]:
        """Return the columns and the custom filters that the list offers."""
        page: Any = self
        listed = [*self.lookups, *page.get_search_fields(request)]
        if page.date_hierarchy:
            listed.append(page.date_hierarchy)
        for one in page.get_list_filter(request):
            if isinstance(one, type) and issubclass(one, SimpleListFilter):
                listed.append(str(one.parameter_name))
            else:
                listed.append(one[0] if isinstance(one, list | tuple) else one)
        return listed


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
