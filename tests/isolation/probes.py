"""What no single request shows: caches, files, sessions and tasks, tried from next door."""

from collections.abc import Iterator

from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django_tenants.utils import tenant_context

from directory.desk import subject_data
from tenants.lifecycle.tasks import nightly, tend
from tests.isolation.canaries import found_in
from tests.isolation.residents import FIRST
from tests.isolation.world import Place
from wiq.accounts.sessions import SessionStore
from wiq.celery_app import WrongSchema
from wiq.outbox.tasks import sweep


def probe(here: Place, other: Place) -> Iterator[str]:
    """Yield what of the other district can be reached from here, one line each."""
    with tenant_context(other.row):
        cache.set("canary", other.letter, 30)
        name = default_storage.save("probe.txt", ContentFile(other.letter.encode()))
    with tenant_context(here.row):
        if cache.get("canary") == other.letter:
            yield "cache: a value of the other district"
        files = [f"portraits/{other.things['portrait_file'][0]}",
                 f"pictures/{other.things['picture_file'][0]}", name]  # fmt: skip
        if any(default_storage.exists(file) for file in files):
            yield "storage: a file of the other district"
        if SessionStore(other.things["session"][0]).exists(other.things["session"][0]):
            yield "session: one of the other district"
        with transaction.atomic():
            found = found_in(str(subject_data.collect(FIRST, actor="probe")))
            transaction.set_rollback(True)
        if {letter for letter, _ in found} - {here.letter}:
            yield "export: canaries of the other district"
        if "r" in {level for _, level in found}:
            yield "export: what another resident wrote"
    yield from _tasks(other)
    with tenant_context(other.row):
        cache.delete("canary")
        default_storage.delete(name)


def _tasks(other: Place) -> Iterator[str]:
    gone = "d_0000000000000000"
    for task, wrong in (
        (tend, ("public", gone, None)),
        (nightly, (other.row.schema_name, gone)),
        (sweep, (other.row.schema_name, gone)),
    ):
        for schema in wrong:
            with transaction.atomic():
                result = task.apply(headers={"_schema_name": schema} if schema else {})
                transaction.set_rollback(True)
            if not isinstance(result.result, WrongSchema):
                yield f"task: {task.name} ran in {schema}"
