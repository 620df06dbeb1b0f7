"""Creating a district from a file: completely or not at all, and only once."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django_tenants.utils import tenant_context

from tenants.districts.models import District, Operator
from tenants.kit.models import Taken
from tenants.provisioning import making, names
from tenants.provisioning import services as provisioning
from tenants.transfer import file_format
from tenants.transfer.file_format import FileError, told
from tenants.transfer.files import store
from tenants.transfer.models import Import
from tenants.transfer.rows import Say, fill
from tenants.transfer.sources import DistrictFile
from wiq.audit import records
from wiq.audit import services as audit
from wiq.erasures import replaying
from wiq.erasures import services as erasures
from wiq.signing import keys

ACTOR = "import"
SEEDS = Path(__file__).parent / "seeds"
# Fields of a district in its file that are not columns of its row.
BELONGINGS = ("operator", "kit", "erasure_key", "reply_numbers")
# A district that came in a file so often has lost its way.
NUMBERS_MOST = 100


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
    check_own_pictures(file)
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


def check_own_pictures(file: DistrictFile) -> None:
    """Refuse pictures of a district that are not its own in this file. Raises FileError."""
    for name in file_format.DISTRICT_PICTURES:
        picture = file.district.get(name)
        # Only from the district's own folder: a person's portrait must not become a logo.
        own = isinstance(picture, str) and picture.startswith("district/")
        if picture and not (own and picture in file.files()):
            raise FileError(f"{file_format.DISTRICT}: the picture {picture} is not in this file")


def taken_of_the_kit(file: DistrictFile) -> list[Taken]:
    """Return what the file's district took of the kit, without a district. Raises FileError."""
    with told_of_the_district():
        found = [Taken(**row) for row in file.district.get("kit") or []]
        for one in found:
            one.pk = None
            one.clean_fields(exclude=["district_id"])
        if len({one.key for one in found}) < len(found):
            raise ValueError("kit: the same key twice")
    return found


def _belong(file: DistrictFile, district: District) -> None:
    """Write the district's other data in the public schema. Raises FileError."""
    operator, taken = file.district.get("operator"), taken_of_the_kit(file)
    with told_of_the_district(), transaction.atomic():
        if operator:
            district.operator = known_operator(operator)
            district.save(update_fields=["operator"])
        for row in taken:
            row.district_id = district.pk
        Taken.objects.bulk_create(taken)


@contextmanager
def told_of_the_district() -> Iterator[None]:
    """Turn any error into one that names the district's own part of the file."""
    try:
        yield
    except (TypeError, ValueError, OverflowError, DatabaseError, ValidationError) as error:
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
