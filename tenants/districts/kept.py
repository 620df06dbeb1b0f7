"""A district as it lies in the cache: JSON, so that reading it runs nothing.

What is not as this version writes it is as good as not there: another version's row with other
columns, and whatever else somebody put in its place.
"""

import json
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, models

from tenants.districts.models import District, Operator

Row = TypeVar("Row", bound=models.Model)
_PLAIN = (str, int, float, bool, type(None))


def written(stamps: list[str | None], district: District) -> str:
    """Return a district with its Träger as text, and the stamps from before it was read."""
    operator = district.operator
    return json.dumps(
        {
            "stamps": stamps,
            "host": district.host,
            "district": _values(district),
            "operator": None if operator is None else _values(operator),
        }
    )


def read(text: str, stamps: list[str | None]) -> District | None:
    """Return the district of a text; None if its stamps are others, or it says nothing usable."""
    try:
        kept = json.loads(text)
        if kept["stamps"] != stamps:
            return None
        district = _row(District, kept["district"])
        if kept["operator"] is not None:
            district.operator = _row(Operator, kept["operator"])
        district.remember_host(str(kept["host"]))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, ValidationError):
        return None
    return district


def _values(row: models.Model) -> dict[str, Any]:
    """Return a row's columns, each as JSON can hold it."""
    values = {}
    for field in row._meta.concrete_fields:
        value = field.value_from_object(row)
        values[field.attname] = value if type(value) in _PLAIN else field.value_to_string(row)
    return values


def _row(model: type[Row], values: dict[str, Any]) -> Row:
    """Return the row that has these values. Raises KeyError where a column is missing."""
    fields = model._meta.concrete_fields
    names = [field.attname for field in fields]
    found = [field.to_python(values[field.attname]) for field in fields]
    return model.from_db(DEFAULT_DB_ALIAS, names, found)
