"""The inbox as a table."""

from collections.abc import Iterable

from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from directory.desk.inbox_list import Row
from wiq import spreadsheets


def columns() -> list[str]:
    """Return the headings."""
    return [
        _("Nummer"), _("Was"), _("Name"), _("Worum es geht"), _("Stand"), _("zuständig"),
        _("eingegangen am"),
    ]  # fmt: skip


def cells(row: Row) -> list[str]:
    """Return the cells of one line."""
    found = row.conversation
    at = timezone.localtime(found.opened_at)
    return [
        found.reference, str(row.sort_label), found.name, found.title, row.state_label,
        row.in_charge, f"{at:%Y-%m-%d %H:%M}",
    ]  # fmt: skip


def response(kind: str, rows: Iterable[Row]) -> HttpResponseBase:
    """Return a table to be kept as a file."""
    return spreadsheets.response(kind, "posteingang", columns(), map(cells, rows))
