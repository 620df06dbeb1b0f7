"""Lists in pages, whose order ends in the primary key.

Rows that are equal in an order have none among each other (PostgreSQL docs, 7.5): from page to
page some would come twice, and others never.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.core.paginator import Paginator
from django.db.models import IntegerField, QuerySet, Subquery
from django.db.models.expressions import OrderBy

KEY = ("pk", "id")


def ends_in_key(order: Any) -> bool:
    """Tell whether the last part of an order is the primary key."""
    if not order:
        return False
    last: Any = order[-1]
    if isinstance(last, OrderBy):
        last = last.expression
    name = str(getattr(last, "name", last))
    return name.lstrip("-") in KEY


def in_full_order(rows: Any) -> Any:
    """Return rows in their order and, where that says nothing, in that of the primary key.

    A union of tables has no key of its own: who makes one orders it in full.
    """
    if not isinstance(rows, QuerySet) or rows.query.combinator:
        return rows
    query = rows.query
    by_default = query.get_meta().ordering if query.default_ordering else ()
    order = tuple(query.order_by or by_default or ())
    return rows if ends_in_key(order) else rows.order_by(*order, "pk")


class Pages(Paginator):
    """Django's paginator, over rows in full order."""

    def __init__(self, object_list: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(in_full_order(object_list), *args, **kwargs)


@dataclass(frozen=True)
class Slice:
    """One page of rows, known without counting all of them."""

    number: int
    rows: list[Any]
    has_next: bool

    @property
    def has_previous(self) -> bool:
        return self.number > 1


def slice_of(rows: Any, number: int, size: int) -> Slice:
    """Return a page of rows in full order; for a number beyond the end, the last page.

    Only whether another row follows is asked for, so thousands of pages cost what one does.
    """
    ordered, number = in_full_order(rows), max(1, number)
    start = (number - 1) * size
    found = list(ordered[start : start + size + 1])
    if not found and number > 1:
        return slice_of(rows, max(1, -(-ordered.count() // size)), size)
    return Slice(number, found[:size], len(found) > size)


class CountedTo(Subquery):
    """How many rows a sliced query has: counted no farther than its limit."""

    template = "(SELECT count(*) FROM (%(subquery)s) counted)"
    output_field: ClassVar = IntegerField()
