"""Tables to keep as a file: CSV, and XLSX for those who open it with a double click.

A cell that begins like a formula is written as text: a resident's name must not calculate (OWASP,
CSV injection). XlsxWriter writes row by row, so a long table needs no more room than a short one.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone

KINDS = ("csv", "xlsx")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Cell = str | int
Line = Sequence[Cell]


def harmless(cell: Cell) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else str(cell)


def response(kind: str, name: str, headings: Line, lines: Iterable[Line]) -> HttpResponseBase:
    """Return a table to be kept as a file; ``name`` gets the day and the ending."""
    file_name = f"{name}-{timezone.localdate():%Y-%m-%d}.{kind}"
    if kind == "xlsx":
        content = _xlsx(headings, lines)
        return FileResponse(content, as_attachment=True, filename=file_name, content_type=XLSX)
    # Whole, before the answer begins: afterwards the district's schema is no longer set.
    answer = StreamingHttpResponse(
        _csv(headings, list(lines)), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return answer


class _Line:
    """A file for the csv module that hands each line on."""

    def write(self, line: str) -> str:
        return line


def _csv(headings: Line, lines: list[Line]) -> Iterator[str]:
    writer = csv.writer(_Line(), delimiter=";")
    # With this mark, Excel reads the letters as what they are.
    yield "\ufeff" + str(writer.writerow(headings))
    for line in lines:
        yield str(writer.writerow([harmless(cell) for cell in line]))


def _xlsx(headings: Line, lines: Iterable[Line]) -> io.BytesIO:
    """Return a workbook whose texts are texts, whatever they begin with."""
    content = io.BytesIO()
    # 3 MB in each process that reads it: whoever hands out a workbook does.
    workbook = import_module("xlsxwriter").Workbook(
        content,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
         "in_memory": True},
    )  # fmt: skip
    sheet = workbook.add_worksheet()
    for place, line in enumerate([headings, *lines]):
        for column, cell in enumerate(line):
            write = sheet.write_string if isinstance(cell, str) else sheet.write_number
            write(place, column, cell)
    workbook.close()
    content.seek(0)
    return content
