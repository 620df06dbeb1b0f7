"""The documents of the folder: what there is, and each as a text filled with the facts.

A document's text is a Django template that is well-formed XML, with the legal source in its
comments; browser and PDF read the same words. ``edition`` is the day on which the wording was last
changed. All are German: a contract has one language.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from html import unescape
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _

from wiq.typed import for_xml
from wiq.web.typography import bind

FIRST_EDITION = date(2026, 12, 1)


@dataclass(frozen=True)
class Document:
    """One document: its title, its text, and what must be known before it is whole."""

    key: str
    title: Any
    template: str
    # Keys of ``missing.of_district`` and ``missing.of_platform``.
    needs: tuple[str, ...]
    in_platforms: bool = True
    in_districts: bool = True
    # Keys of the activities that an information sheet tells of.
    activities: tuple[str, ...] = ()
    edition: date = FIRST_EDITION


DOCUMENTS = (
    Document(
        "vertrag", _("Vertrag zur Auftragsverarbeitung"), "agreement",
        ("traeger", "platform", "helpers"), in_platforms=False,
    ),
    Document(
        "verzeichnis", _("Verzeichnis der Verarbeitungstätigkeiten des Verantwortlichen"), "record",
        ("traeger", "platform", "helpers"),
    ),
    Document(
        "verzeichnis-auftrag", _("Verzeichnis der Verarbeitungstätigkeiten des Auftragsverarbeiters"),
        "processor_record", ("traeger", "platform", "helpers"),
    ),
    Document("massnahmen", _("Technische und organisatorische Maßnahmen"), "measures", ("helpers",)),
    Document("loeschkonzept", _("Löschkonzept"), "erasure", ()),
    Document("schwellwert", _("Prüfung, ob eine Folgenabschätzung nötig ist"), "threshold", ()),
    Document(
        "datenpanne", _("Plan für eine Datenpanne"), "breach",
        ("traeger", "platform", "coordination"),
    ),
    Document(
        "barrierefreiheit", _("Erklärung zur Barrierefreiheit"), "accessibility",
        ("traeger", "money", "accessibility"),
    ),
    Document(
        "info-anfragen", _("Informationsblatt: Anfragen, Ideen und Neuigkeiten"), "sheet",
        ("traeger", "platform", "helpers"), in_platforms=False,
        activities=("requests", "ideas", "conversations", "news", "mails"),
    ),
    Document(
        "info-portraets", _("Informationsblatt: Porträts, Videos und Lösungsteams"), "sheet",
        ("traeger", "platform", "helpers"), in_platforms=False,
        activities=("portraits", "videos", "solution_teams"),
    ),
    Document(
        "info-anmeldung", _("Informationsblatt: Anmeldung eines Quartiers"), "sheet",
        ("traeger", "helpers"), in_districts=False,
        activities=("applications", "operators", "orders"),
    ),
    Document(
        "info-konten", _("Informationsblatt: Konten"), "sheet", ("traeger", "platform", "helpers"),
        activities=("accounts", "log", "mails"),
    ),
)  # fmt: skip
# The one document with two sides: the Träger signs it, and the platform's operator.
CONTRACT = "vertrag"
BY_KEY = {one.key: one for one in DOCUMENTS}


def of_folder(facts: Mapping[str, Any]) -> list[Document]:
    """Return the documents of a folder; no contract where the Träger runs the platform itself."""
    if facts["district"] is None:
        return [one for one in DOCUMENTS if one.in_platforms]
    found = [one for one in DOCUMENTS if one.in_districts]
    needless = ("vertrag", "verzeichnis-auftrag") if facts["is_own_platform"] else ()
    return [one for one in found if one.key not in needless]


def text_of(document: Document, facts: Mapping[str, Any]) -> str:
    """Return a document's text, in German, as HTML that is well-formed XML as well."""
    rows = [row for row in facts["rows"] if row.key in document.activities]
    context = {
        **facts,
        "template": f"accountability/texts/{document.template}.html",
        "document": document,
        "edition": document.edition,
        "sheet_rows": rows,
    }
    with translation.override("de"):
        made = render_to_string("accountability/texts/_frame.html", context)
    lines = (bind(line.strip()) for line in for_xml(made).splitlines())
    return "\n".join(line for line in lines if line)


def mark_of(text: str) -> str:
    """Return the mark of a text: equal for equal texts alone (SHA-256, in hexadecimal)."""
    return sha256(text.encode()).hexdigest()


def short_mark(text: str) -> str:
    """Return the beginning of a text's mark, for paper: ``1a2b 3c4d``."""
    mark = mark_of(text)
    return f"{mark[:4]} {mark[4:8]}"


def lines_of(text: str) -> list[str]:
    """Return a document's text without markup, a line for each paragraph or row of a table."""
    apart = re.sub(r"</(td|th)>", " | ", re.sub(r"\s*\n\s*", " ", text))
    apart = re.sub(r"</(p|li|tr|h2|h3|thead)>", "\n", apart)
    plain = (unescape(strip_tags(line)).strip(" |") for line in apart.splitlines())
    return [line for line in plain if line]
