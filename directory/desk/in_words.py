"""What is handed out about an address, as people read it (Art. 12 GDPR: in plain language)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext

from wiq.audit import names, words
from wiq.subjects import HandedOut, in_order

# Who did something, as the log holds it.
ACTORS = ("made_by", "taken_by", "invited_by")


@dataclass(frozen=True)
class Line:
    """One thing that is stored: its label, and its value or what belongs to it."""

    label: str
    text: str = ""
    below: Sequence[Sequence["Line"]] = ()


@dataclass(frozen=True)
class Part:
    """What one room stores."""

    title: str
    rows: Sequence[Sequence[Line]]


def in_words(found: dict[str, Any]) -> list[Part]:
    """Return what was collected about an address, part by part, without empty parts."""
    return [
        Part(str(source.title), [lines(row) for row in found[source.name]])
        for source in in_order()
        if found[source.name]
    ]


def lines(row: HandedOut) -> list[Line]:
    """Return a row's values with their labels; a field without a label is a technical one."""
    meta = row.row._meta
    fields = {field.name: field for field in meta.concrete_fields}
    found = []
    for name, value in row.items():
        if isinstance(value, list):
            if value:
                label = value[0].row._meta.verbose_name_plural
                found.append(Line(str(label), below=[lines(one) for one in value]))
            continue
        field = fields[name]
        text = row.said[name] if name in row.said else said(row.row, field, value)
        if text and isinstance(field.verbose_name, Promise):
            found.append(Line(str(field.verbose_name), text))
    return found


def said(row: models.Model, field: Any, value: Any) -> str:
    """Return a value as people read it."""
    if field.name in ACTORS:
        actor = str(value)
        return words.who(actor, names.of_accounts({actor}))
    if field.name == "language":
        return str(translation.get_language_info(value)["name_translated"])
    if isinstance(field, models.ForeignKey):
        return str(getattr(row, field.name))
    if field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return gettext("ja") if value else gettext("nein")
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "DATETIME_FORMAT")
    if isinstance(value, date):
        return date_format(value, "DATE_FORMAT")
    return str(value)
