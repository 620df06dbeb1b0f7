"""A file comes in under the name of a district that stands, on the operator's word.

It goes the way of a restore (tenants.restoring): into a schema beside, compared, swapped, and what
was there is kept for a week. Address, state, keys and accounts' passwords stay as they are.
"""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django_tenants.utils import tenant_context

from tenants.districts.models import District
from tenants.lifecycle.ending import check_host
from tenants.provisioning.models import Beside
from tenants.restoring import belongings, services
from tenants.restoring.turns import alone
from tenants.transfer import file_format
from tenants.transfer.file_format import FileError
from tenants.transfer.files import store
from tenants.transfer.rows import Say, fill
from tenants.transfer.services import (
    check_own_pictures,
    taken_of_the_kit,
    told_of_the_district,
)
from tenants.transfer.sources import DistrictFile
from wiq.actors import Actor
from wiq.erasures import services as erasures
from wiq.returning import as_today, emptied


class FileOfADistrictThatStands(DistrictFile):
    """Its rows without those for which today's hold, like the log."""

    def labels(self) -> list[str]:
        """Return the models that have rows in the file, and get them from there."""
        held = {*as_today, *emptied}
        return [label for label in super().labels() if label not in held]


def replace(
    district: District,
    path: Path,
    *,
    typed_host: str,
    actor: Actor,
    say: Say = lambda line: None,
) -> Beside:
    """Let a file's rows take the place of a district's; return what is kept of it.

    Raises FileError with place and reason, and ValidationError for a wrong host or where the
    district can't be replaced now. Then nothing is changed.
    """
    check_host(district, typed_host)
    services.check(district)
    file = FileOfADistrictThatStands(path)
    try:
        _check_is_of(file, district)
        found = _belongings(file)

        def write(restored: District) -> dict[str, Any]:
            fill(file, say)
            return found

        with alone(district):
            beside = services.filled(
                district, services.new_row(district, path.name), write, say=say
            )
        try:
            _store(file, district)
            return services.swap(district, beside, actor=actor)
        except BaseException:
            if Beside.objects.filter(pk=beside.pk, stage=Beside.Stage.READY).exists():
                services.drop(beside)
            raise
    finally:
        file.close()


def _check_is_of(file: DistrictFile, district: District) -> None:
    """Refuse the file of another district: its residents' words are not for this one's desk.

    A district is known by a name that it has or had, or by the key that its file brings along.
    Raises FileError.
    """
    slug, key = file.district.get("slug"), file.district.get("erasure_key")
    hosts = district.domains.values_list("domain", flat=True)
    is_known = slug == district.slug or f"{slug}.{settings.WIQ_DOMAIN}" in hosts
    if not is_known and key != erasures.key_of(district).hex():
        raise FileError(f"{file_format.DISTRICT}: this is {slug}, and not {district.slug}")


def _belongings(file: DistrictFile) -> dict[str, Any]:
    """Return what the file says of the district beside its rows. Raises FileError."""
    check_own_pictures(file)
    row: dict[str, str | None] = {}
    read = District(slug="x")
    with told_of_the_district():
        for name in belongings.columns():
            if name in file.district:
                field: Any = District._meta.get_field(name)
                setattr(read, name, field.clean(file.district[name], read))
                value = field.value_from_object(read)
                row[name] = None if value is None else field.value_to_string(read)
    taken = [
        {name: getattr(one, name) for name in ("key", "version", "digest")}
        for one in taken_of_the_kit(file)
    ]
    return {"row": row, "taken": taken}


def _store(file: DistrictFile, district: District) -> None:
    """Store the files that are not there any more; what has a name already is the same file."""
    with tenant_context(district):
        for name in file.files():
            if not default_storage.exists(name):
                store(file, name)
