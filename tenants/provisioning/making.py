"""Making a district with its contents, in two transactions: completely, or not at all.

Only a single PostgreSQL lets one transaction create a schema as the owner and fill it as the
district's role (docs/decisions/0022). So the first transaction commits the schema with a row that
marks it unfinished; the second fills the schema and deletes that row. A failure is undone at once.
If the process is killed, the next one to make a district, or the night, cleans up.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import structlog
from django.db import Error, models, transaction

from tenants.districts.models import District
from tenants.provisioning import removal, schemas
from tenants.provisioning.locks import held
from tenants.provisioning.models import Unfinished
from wiq import queueing
from wiq.audit import services as audit

log = structlog.get_logger(__name__)
COUNT = "tenants.console.tasks.count"


def note_made(district: District, *, actor: models.Model | str) -> None:
    """Record who had a district made.

    The console counts it as soon as it is there; the hourly counting would find it otherwise.
    """
    audit.record_change("district.created", district, actor=actor)
    schema_name = district.schema_name
    transaction.on_commit(lambda: queueing.send(COUNT, schema_name=schema_name))


@contextmanager
def whole(row: Callable[[], District], *, actor: models.Model | str) -> Iterator[District]:
    """Make the district whose row ``row`` writes, and let the caller fill it, or keep nothing.

    The caller's block runs in the second transaction, so it can't stand within one itself.
    """
    take_back_unfinished()
    with ExitStack() as lock:
        with transaction.atomic(durable=True):
            district = row()
            schemas.create(district)
            Unfinished.objects.create(schema_name=district.schema_name)
            # Before the commit: nobody may see the row without it.
            lock.enter_context(held(district.schema_name))
        try:
            with transaction.atomic(durable=True):
                yield district
                # Somebody may have removed it meanwhile; who is about to waits for the end of this.
                District.objects.select_for_update(of=("self",)).get(pk=district.pk)
                note_made(district, actor=actor)
                Unfinished.objects.filter(schema_name=district.schema_name).delete()
        except BaseException:
            _try_to_take_back(district.schema_name)
            raise


def take_back_unfinished() -> int:
    """Take back what nobody is at any more; return how many schemas there were."""
    taken = 0
    for schema_name in Unfinished.objects.values_list("schema_name", flat=True):
        with held(schema_name) as is_free:
            # Whoever held it a moment ago may have come to an end.
            if is_free and Unfinished.objects.filter(schema_name=schema_name).exists():
                _try_to_take_back(schema_name)
                taken += 1
    return taken


def _try_to_take_back(schema_name: str) -> None:
    """Remove a half-made district, or what is left of a removed one; if it fails, at night."""
    try:
        removal.take_back(schema_name)
    except Error as error:
        log.error("district.unfinished", schema=schema_name, error=type(error).__name__)
