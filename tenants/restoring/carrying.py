"""What a restored schema takes over from today's, before it takes its place and just after."""

import copy
from collections.abc import Iterable, Iterator

from django.db import transaction
from django_tenants.utils import tenant_context

from tenants.districts.models import District
from tenants.provisioning.models import Beside
from tenants.restoring.copying import Today
from wiq.erasures import ledger, replaying
from wiq.erasures import services as erasures
from wiq.erasures.models import Erasure
from wiq.returning import mends


def within(district: District, schema_name: str) -> District:
    """Return the district as if its rows stood in another schema: its keys, and that role."""
    other = copy.copy(district)
    other.schema_name = schema_name
    return other


def carry_over(district: District, restored: District, beside: Beside) -> None:
    """Write into the restored schema what holds today, and erase in it what was erased since."""
    today = Today(district, log_after=beside.details.get("log_until", 0))
    with tenant_context(district):
        erasures.write()
        found = [(mend, mend.read()) for mend in mends]
        known = list(Erasure.objects.all())
    key = erasures.name_of_key(erasures.key_of(district))
    lines = _as_lines(known, district) | {line.uuid: line for line in _lines(district, key)}
    with tenant_context(restored), transaction.atomic():
        today.write()
        for mend, value in found:
            mend.mend(value)
        replaying.again(lines.values())
    beside.details["log_until"] = today.log_until


def erase_the_last(before: District, own: District) -> None:
    """Erase in a swapped district what was erased between ``carry_over`` and the swap.

    Those rows stand in what was the district ``before``, into which nobody writes any more; the
    swap may have waited a long time for its turn.
    """
    with tenant_context(before):
        last = list(Erasure.objects.all())
    unwritten = [row.pk for row in last if row.written_at is None]
    with tenant_context(own), transaction.atomic():
        replaying.again(_as_lines(last, own).values())
        # The ledger has not heard of these, and hears of them from here alone.
        Erasure.objects.filter(pk__in=unwritten).update(written_at=None)
        erasures.write_after_commit()


def _as_lines(rows: Iterable[Erasure], district: District) -> dict[str, ledger.Line]:
    """Return erasures as lines of the ledger, by their uuid."""
    key = erasures.name_of_key(erasures.key_of(district))
    return {
        str(row.pk): ledger.Line(
            str(row.pk), str(district.schema_name), key, row.kind, row.mark, row.at.isoformat()
        )
        for row in rows
    }


def _lines(district: District, key: str) -> Iterator[ledger.Line]:
    """Yield what the ledger knows of a district, by its schema or by its key."""
    for line in ledger.lines():
        if line.key == key or line.schema == district.schema_name:
            yield line
