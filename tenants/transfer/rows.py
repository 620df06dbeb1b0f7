"""The rows of a district's file, checked one by one and written into the current district."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, connection, models, transaction
from django.utils import timezone

from tenants.transfer import file_format
from tenants.transfer.file_format import FileError, told
from tenants.transfer.sources import DistrictFile
from wiq.audit import records
from wiq.importing import afterwards, bring_up_to_date, complete

# Numbers go on from the highest one of a file, and must not come to the end of a bigint.
KEY_MAX = 1 << 53
LAST_YEAR = 9990
Say = Callable[[str], None]


def fill(file: DistrictFile, say: Say) -> None:
    """Write all rows of the current district, and check that their references are valid."""
    known = {model._meta.label_lower: model for model in file_format.models_inside()}
    pictures = set(file.files())
    keys: dict[str, set[Any]] = {}
    links: list[tuple[str, str, str, Any]] = []
    for label in file.labels():
        model = known.get(label)
        if model is None:
            raise FileError(f"rows/{label}.jsonl: there is no such thing in a district")
        keys[label] = set()
        for place, data in file.rows(label):
            row = _built(model, place, data)
            links += _links(row, place)
            _check_files(row, place, pictures)
            keys[label].add(row.pk)
            _insert(row, place)
        say(f"{label}: {len(keys[label])} rows")
    for place, column, label, key in links:
        if key not in keys.get(label, set()):
            raise FileError(f"{place}: {column} names {label} {key}, which is not in this file")
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except IntegrityError as error:
        raise FileError(f"the rows don't fit together: {_first_line(error)}") from None
    _count_on(keys, known)
    for do in afterwards:
        do()


def _built(model: type[models.Model], place: str, data: dict[str, Any]) -> models.Model:
    """Return a row with the file's values, checked field by field. Raises FileError."""
    data = bring_up_to_date(model, data)
    fields = {field.attname: field for field in file_format.fields_inside(model)}
    unknown = data.keys() - fields.keys()
    if unknown:
        raise FileError(f"{place}: unknown: {', '.join(sorted(unknown))}")
    try:
        # All at once: when set one by one, a picture's field would look for its file.
        row = model(**{name: fields[name].to_python(value) for name, value in data.items()})
        _complete(row, data)
        _check_moments(row)
        _tidy(row)
        # Only the fields: in a new schema, no other row can violate a unique constraint.
        row.clean_fields(exclude=[
            field.name for field in fields.values()
            if field.is_relation or isinstance(field, models.FileField) or getattr(row, field.attname) in field.empty_values
        ])  # fmt: skip
    except (ValidationError, TypeError, ValueError, OverflowError) as error:
        raise FileError(f"{place}: {told(error)}") from None
    if row.pk is None:
        raise FileError(f"{place}: no key")
    if isinstance(row.pk, int) and not 0 < row.pk <= KEY_MAX:
        raise FileError(f"{place}: {row.pk} is no key, the highest is {KEY_MAX}")
    return row


def _check_moments(row: models.Model) -> None:
    """Refuse what no page can show: a moment of the year 9999 is over in another zone.

    Raises ValidationError.
    """
    records.check_years(row)
    for field in row._meta.concrete_fields:
        day = getattr(row, field.attname) if isinstance(field, models.DateField) else None
        if isinstance(day, date) and day.year > LAST_YEAR:
            raise ValidationError({field.name: f"{day.year} is too far away"})


def _tidy(row: models.Model) -> None:
    """Clean a row's texts. Raises ValidationError for one that has to hold something to see."""
    before = dict(vars(row))
    records.tidy(row)
    for field in row._meta.concrete_fields:
        if before.get(field.attname) and not field.blank and vars(row)[field.attname] == "":
            raise ValidationError({field.name: field.error_messages["blank"]})


def _complete(row: models.Model, data: dict[str, Any]) -> None:
    """Fill in what a file leaves out: times, and what the rooms add."""
    for field in row._meta.concrete_fields:
        if field.attname in data:
            continue
        if getattr(field, "auto_now_add", False) or getattr(field, "auto_now", False):
            now = timezone.now()
            setattr(row, field.attname, now.date() if type(field) is models.DateField else now)
    complete(row, data)


def _links(row: models.Model, place: str) -> list[tuple[str, str, str, Any]]:
    return [
        (place, field.attname, field.related_model._meta.label_lower, getattr(row, field.attname))  # type: ignore[union-attr]
        for field in row._meta.concrete_fields
        if field.is_relation and getattr(row, field.attname) is not None
    ]


def _check_files(row: models.Model, place: str, there: set[str]) -> None:
    for field in row._meta.concrete_fields:
        if not isinstance(field, models.FileField):
            continue
        name = str(getattr(row, field.attname))
        # A portrait named as another picture would be public.
        if name and not name.startswith(str(field.upload_to)):
            raise FileError(f"{place}: {name} does not belong there")
        if name and name not in there:
            raise FileError(f"{place}: the file {name} is not in this one")


def _insert(row: models.Model, place: str) -> None:
    try:
        with transaction.atomic():
            # Raw: every column as in the file, including creation dates.
            row.save_base(raw=True, force_insert=True)
    except (IntegrityError, DataError) as error:
        raise FileError(f"{place}: {_first_line(error)}") from None


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]


def _count_on(keys: dict[str, set[Any]], known: dict[str, type[models.Model]]) -> None:
    """Let each sequence continue after the highest imported key."""
    with connection.cursor() as cursor:
        for label, numbers in keys.items():
            options = known[label]._meta
            if numbers and isinstance(options.pk, models.AutoField):
                cursor.execute(
                    "SELECT setval(pg_get_serial_sequence(%s, %s), %s)",
                    [options.db_table, options.pk.column, max(numbers)],
                )
