"""The inbox as a table: CSV, and XLSX for those who open it with a double click.

A cell that begins like a formula is written as text: a resident's name must not calculate
(OWASP, CSV injection).
"""

import csv
import io
from collections.abc import Iterable, Iterator

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from xlsxwriter import Workbook

from directory.desk.inbox_list import Row

KINDS = ("csv", "xlsx")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def harmless(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


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
    name = f"posteingang-{timezone.localdate():%Y-%m-%d}.{kind}"
    if kind == "xlsx":
        return FileResponse(_xlsx(rows), as_attachment=True, filename=name, content_type=XLSX)
    answer = StreamingHttpResponse(
        _csv([*map(cells, rows)]), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


class _Line:
    """A file for the csv module that hands each line on."""

    def write(self, line: str) -> str:
        return line


def _csv(lines: list[list[str]]) -> Iterator[str]:
    writer = csv.writer(_Line(), delimiter=";")
    # With this mark, Excel reads the letters as what they are.
    yield "\ufeff" + str(writer.writerow(columns()))
    for line in lines:
        yield str(writer.writerow([harmless(cell) for cell in line]))


def _xlsx(rows: Iterable[Row]) -> io.BytesIO:
    """Return a workbook whose cells are texts, whatever they begin with."""
    content = io.BytesIO()
    workbook = Workbook(
        content,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
         "in_memory": True},
    )  # fmt: skip
    sheet = workbook.add_worksheet()
    for place, line in enumerate([columns(), *map(cells, rows)]):
        for column, cell in enumerate(line):
            sheet.write_string(place, column, cell)
    workbook.close()
    content.seek(0)
    return content
