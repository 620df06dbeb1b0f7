"""A document as a tagged PDF (PDF/UA-1), set by typst.

The text goes in as data (``sys.inputs``) and typst's own XML reader takes it apart, so nothing that
somebody typed is ever typst's markup (https://typst.app/docs/reference/data-loading/xml/). typst
is in the server's and the embedded list alone and is loaded when somebody asks for a PDF.
"""

from datetime import date
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from django.utils import timezone, translation
from django.utils.formats import date_format

from tenants.accountability.documents import Document, short_mark
from tenants.accountability.folder import Folder, Kept, Sheet, whole

SHEET = Path(__file__).with_name("sheet.typ")
# ISO 14289-1: typst refuses to write a document that breaks it as far as a program can tell.
STANDARD = "ua-1"


def is_there() -> bool:
    """Tell whether this installation can make PDFs."""
    return find_spec("typst") is not None


def of_folder(folder: Folder) -> bytes:
    """Return all documents of a folder in one PDF, as of today."""
    return made(
        title="Mappe für den Datenschutz", author=folder.author, subject=folder.title,
        text=whole(folder), day=timezone.localdate(),
    )  # fmt: skip


def of_sheet(folder: Folder, one: Sheet) -> bytes:
    """Return one document of a folder as a PDF, as of today."""
    return made(
        title=_title(one.document), author=folder.author, subject=folder.title, text=one.text,
        day=timezone.localdate(), mark=one.mark,
    )  # fmt: skip


def of_version(folder: Folder, one: Kept) -> bytes:
    """Return a version that was kept, as of the day on which it was."""
    text, number = one.version.text, one.version.number
    return made(
        title=_title(one.document), author=folder.author,
        subject=f"{folder.title}, Fassung {number}", text=text,
        day=timezone.localdate(one.version.made_at), mark=short_mark(text),
    )  # fmt: skip


def _title(document: Document) -> str:
    with translation.override("de"):
        return str(document.title)


def made(*, title: str, author: str, subject: str, text: str, day: date, mark: str = "") -> bytes:
    """Return a PDF of a document's text.

    ``text`` is well-formed XML (``documents.text_of``); ``subject`` says of which folder it is,
    ``day`` from when, ``mark`` which text it is. Raises ModuleNotFoundError without typst.
    """
    typst = import_module("typst")
    with translation.override("de"):
        said = date_format(day, "DATE_FORMAT")
    pdf: bytes = typst.compile(
        SHEET.read_bytes(),
        sys_inputs={
            "title": title, "author": author, "subject": subject, "text": text, "day": said,
            "mark": mark,
        },
        format="pdf",
        pdf_standards=[STANDARD],
        # The fonts that typst brings along: the same on every machine.
        ignore_system_fonts=True,
    )  # fmt: skip
    return pdf
