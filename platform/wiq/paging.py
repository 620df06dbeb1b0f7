"""Lists in pages, whose order ends in the primary key.

Rows that are equal in an order have none among each other (PostgreSQL docs, 7.5): from page to
page some would come twice, and others never.
"""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
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
