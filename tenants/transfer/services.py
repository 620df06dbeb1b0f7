"""Creating a district from a file: completely or not at all, and only once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, models, transaction
from django.utils import timezone
from django_tenants.utils import tenant_context

from tenants.districts.models import District, Operator
from tenants.kit.models import Taken
from tenants.provisioning import making, names
from tenants.provisioning import services as provisioning
from tenants.transfer import file_format
from tenants.transfer.file_format import FileError, told
from tenants.transfer.files import store
from tenants.transfer.models import Import
from tenants.transfer.sources import DistrictFile
from wiq.audit import records
from wiq.audit import services as audit
from wiq.erasures import replaying
from wiq.erasures import services as erasures
from wiq.importing import afterwards, bring_up_to_date, complete
from wiq.signing import keys

ACTOR = "import"
SEEDS = Path(__file__).parent / "seeds"
# Fields of a district in its file that are not columns of its row.
BELONGINGS = ("operator", "kit", "erasure_key", "reply_numbers")
# A district that came in a file so often has lost its way.
NUMBERS_MOST = 100
Say = Callable[[str], None]


class _DryRun(Exception):
    """Everything went well, and is to be rolled back."""


def import_district(
    path: Path, *, slug: str = "", dry_run: bool = False, say: Say = lambda line: None
) -> District:
    """Create the district in a file or folder as a draft: completely, or not at all.

    ``slug`` replaces the one in the file. A file that was imported before returns its existing
    district. With ``dry_run`` everything is undone, and the returned district no longer exists.
    Raises FileError with place and reason, and ValidationError for a name that is taken.
    """
    file = DistrictFile(path)
    try:
        wanted = slug or str(file.district.get("slug", ""))
        known = _known(file.digest, wanted)
        if known is not None:
            say(f"{wanted}: this file was imported before; nothing to do")
            return known
        return _make(file, wanted, dry_run=dry_run, say=say)
    finally:
        file.close()


def _known(digest: str, slug: str) -> District | None:
    before = Import.objects.filter(digest=digest, slug=slug).values("district_id")
    found: District | None = District.objects.filter(pk__in=before).first()
    return found


def _make(file: DistrictFile, slug: str, *, dry_run: bool, say: Say) -> District:
    district: District | None = None
    try:
        with making.whole(partial(_row, file, slug), actor=ACTOR) as district:
            _belong(file, district)
            with tenant_context(district):
                fill(file, say)
                replaying.adopt()
                erasures.write_after_commit()
                for name in () if dry_run else file.files():
                    store(file, name)
                audit.record_change("district.imported", None, actor=ACTOR)
            Import.objects.create(digest=file.digest, slug=slug, district_id=district.pk)
            if dry_run:
                raise _DryRun
    except _DryRun:
        say(f"{slug}: all of it can be imported; nothing was kept")
    assert district is not None
    return district


def _row(file: DistrictFile, slug: str) -> District:
    """Write the district's row from the file. Raises FileError."""
    names.check_slug(slug)
    given = dict(file.district)
    for name in ("slug", *BELONGINGS):
        given.pop(name, None)
    allowed = {*file_format.district_fields(), *file_format.district_secrets()}
    unknown = given.keys() - allowed
    if unknown:
        raise FileError(f"{file_format.DISTRICT}: unknown: {', '.join(sorted(unknown))}")
    for name in file_format.DISTRICT_PICTURES:
        picture = given.get(name)
        # Only from the district's own folder: a person's portrait must not become a logo.
        own = isinstance(picture, str) and picture.startswith("district/")
        if picture and not (own and picture in file.files()):
            raise FileError(f"{file_format.DISTRICT}: the picture {picture} is not in this file")
    with told_of_the_district():
        erasing = _key(str(file.district.get("erasure_key", "")))
        if erasing is not None:
            given["erasure_key"] = keys.locked(erasing)
        given["reply_numbers"] = _numbers(file.district.get("reply_numbers", []))
        key = _key(given.pop("link_key", ""))
        values = {
            name: District._meta.get_field(name).to_python(value) for name, value in given.items()
        }
        return provisioning.new_row(slug=slug, key=key, **values)


def _belong(file: DistrictFile, district: District) -> None:
    """Write the district's other data in the public schema. Raises FileError."""
    operator, taken = (file.district.get(name) for name in ("operator", "kit"))
    with told_of_the_district(), transaction.atomic():
        if operator:
            district.operator = known_operator(operator)
            district.save(update_fields=["operator"])
        for row in taken or []:
            Taken.objects.create(district_id=district.pk, **row)


@contextmanager
def told_of_the_district() -> Iterator[None]:
    """Turn any error into one that names the district's own part of the file."""
    try:
        yield
    except (TypeError, ValueError, DatabaseError, ValidationError) as error:
        raise FileError(f"{file_format.DISTRICT}: {told(error)}") from None


def _key(given: Any) -> bytes | None:
    """Return the key that the district's links were signed with; None where the file has none."""
    if given == "":
        return None
    key = bytes.fromhex(given)
    if len(key) != keys.LENGTH:
        raise ValueError(f"link_key: {len(key)} bytes, {keys.LENGTH} are right")
    return key


def _numbers(given: Any) -> list[int]:
    """Return the numbers that the district had before, none twice. Raises ValueError."""
    is_right = isinstance(given, list) and len(given) <= NUMBERS_MOST and all(
        type(number) is int and 0 < number < 1 << 40 for number in given
    )  # fmt: skip
    if not is_right:
        raise ValueError(f"reply_numbers: at most {NUMBERS_MOST} positive whole numbers are right")
    return list(dict.fromkeys(given))


def known_operator(data: dict[str, Any]) -> Operator:
    """Return the Träger with exactly this data; two districts may share one."""
    if not isinstance(data, dict):
        raise FileError(f"{file_format.DISTRICT}, operator: unknown fields")
    # Who runs this platform is not for a file to say.
    data = {name: data[name] for name in data if not file_format.is_the_project_teams(name)}
    if data.keys() - set(file_format.operator_fields()):
        raise FileError(f"{file_format.DISTRICT}, operator: unknown fields")
    operator = Operator(**data)
    records.tidy(operator)
    # Compare all fields, also those missing in the file: a partial match may be another Träger.
    whole = {name: getattr(operator, name) for name in file_format.operator_fields()}
    known = Operator.objects.filter(**whole, runs_platform=False).first()
    if known is not None:
        return known
    operator.full_clean()
    operator.save()
    return operator


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
        _tidy(row)
        # Only the fields: in a new schema, no other row can violate a unique constraint.
        row.clean_fields(exclude=[
            field.name for field in fields.values()
            if field.is_relation or isinstance(field, models.FileField) or getattr(row, field.attname) in field.empty_values
        ])  # fmt: skip
    except (ValidationError, TypeError, ValueError) as error:
        raise FileError(f"{place}: {told(error)}") from None
    if row.pk is None:
        raise FileError(f"{place}: no key")
    return row


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
    except IntegrityError as error:
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
