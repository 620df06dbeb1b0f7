"""The version of a row: a digest of its content (decision 23)."""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.formats import localize
from django.utils.timezone import localtime
from django.utils.translation import gettext


def version_of(row: models.Model, names: Iterable[str]) -> str:
    """Return the version of a row as it was read, from these columns and relations."""
    values = [(name, _stored(row, name)) for name in sorted(names)]
    return hashlib.sha256(json.dumps(values, default=str).encode()).hexdigest()[:32]


def _stored(row: models.Model, name: str) -> Any:
    field: Any = row._meta.get_field(name)
    if field.many_to_many:
        return sorted(str(other.pk) for other in field.value_from_object(row))
    return field.value_from_object(row)


def in_words(row: models.Model, name: str) -> str:
    """Return a column's value as people read it."""
    field: Any = row._meta.get_field(name)
    value = field.value_from_object(row)
    if field.many_to_many:
        text = ", ".join(str(other) for other in value)
    elif field.is_relation:
        text = str(getattr(row, name) or "")
    elif field.flatchoices:
        text = str(dict(field.flatchoices).get(value, value))
    elif isinstance(field, models.FileField):
        text = gettext("eine andere Datei") if value else ""
    elif isinstance(value, bool):
        text = gettext("ja") if value else gettext("nein")
    elif isinstance(value, datetime):
        text = str(localize(localtime(value)))
    else:
        text = "" if value is None else str(localize(value))
    return text or gettext("nichts")
