"""Making a district with its contents, in two transactions: completely, or not at all.

Only a single PostgreSQL lets one transaction create a schema as the owner and fill it as the
district's role (docs/decisions/0022). So the first transaction commits the schema with a row that
marks it unfinished; the second fills the schema and deletes that row. A failure is undone at once.
If the process is killed, the next one to make a district, or the night, cleans up.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial

import structlog
from django.db import Error, models, transaction

from tenants.districts.models import District
from tenants.provisioning import removal, schemas
from tenants.provisioning.locks import held
from tenants.provisioning.models import Unfinished
from wiq import queueing
from wiq.audit import services as audit
from wiq.media.storage import FilesAway

log = structlog.get_logger(__name__)
COUNT = "tenants.console.tasks.count"


def note_made(district: District, *, actor: models.Model | str) -> None:
    """Record who created a district."""
    audit.record_change("district.created", district, actor=actor)


def queue_count(schema_name: str) -> None:
    """Queue a new district's first count for the console.

    If the task is lost, the hourly count includes the district anyway.
    """
    queueing.send(COUNT, schema_name=schema_name)


@contextmanager
def whole(row: Callable[[], District], *, actor: models.Model | str) -> Iterator[District]:
    """Create a district with ``row`` and let the caller fill it; keep all of it or nothing.

    The caller's block runs in the second transaction, so it can't be inside another one.
    """
    take_back_unfinished()
    with ExitStack() as lock:
        with transaction.atomic(durable=True):
            district = row()
            schemas.create(district)
            Unfinished.objects.create(schema_name=district.schema_name)
            # Locked before the commit, so that nobody sees the row unlocked.
            lock.enter_context(held(district.schema_name))
        try:
            with transaction.atomic(durable=True):
                yield district
                # Somebody may have removed it meanwhile; a removal from now on waits for this lock.
                District.objects.select_for_update(of=("self",)).get(pk=district.pk)
                note_made(district, actor=actor)
                transaction.on_commit(partial(queue_count, district.schema_name))
                Unfinished.objects.filter(schema_name=district.schema_name).delete()
        except BaseException:
            _try_to_take_back(district.schema_name)
            raise


def take_back_unfinished() -> int:
    """Remove unfinished schemas that nobody works on any more; return how many."""
    taken = 0
    for schema_name in Unfinished.objects.values_list("schema_name", flat=True):
        with held(schema_name) as is_free:
            # Its former holder may have finished it a moment ago.
            if is_free and Unfinished.objects.filter(schema_name=schema_name).exists():
                _try_to_take_back(schema_name)
                taken += 1
    return taken


def _try_to_take_back(schema_name: str) -> None:
    """Remove a half-made district, or what is left of a removed one; if it fails, at night."""
    try:
        removal.take_back(schema_name)
    except (Error, FilesAway) as error:
        log.error("district.unfinished", schema=schema_name, error=type(error).__name__)
