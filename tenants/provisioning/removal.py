"""Removing a district completely: schema, role, files, cache, waiting mails and queued tasks."""

import re
import shutil
import time
from datetime import timedelta
from functools import partial
from pathlib import Path

import structlog
from celery import current_app
from django.conf import settings
from django.core.cache import caches
from django.db import Error, transaction
from django.utils import timezone
from django_redis import get_redis_connection
from django_tenants.utils import schema_context, tenant_context

from directory.people.models import Person, Team
from directory.solutions.models import SolutionTeam
from tenants.districts import lookup
from tenants.districts.models import District
from tenants.kit import services as kit
from tenants.provisioning import functions
from tenants.provisioning.locks import held
from tenants.provisioning.models import Order, Removal, Unfinished
from wiq.database import DISTRICT_SCHEMA
from wiq.outbox.models import Pointer
from wiq.tenancy import PUBLIC

log = structlog.get_logger(__name__)
# So long nobody else gets the name: links and printed sheets of paper lead there.
RESERVED_DAYS = 90


@transaction.atomic
def remove(district: District, *, reserve_name: bool = True) -> Removal:
    """Remove a district with everything that is its own; what is left is a record without a person.

    In the caller's transaction it is gone for everybody. Its schema and what lies outside of the
    database go after that is committed, and what a crash leaves there, at night.
    """
    counts = _counts(district)
    today = timezone.localdate()
    record = Removal.objects.create(
        slug=district.slug,
        city=district.city,
        was_made_on=timezone.localdate(district.created_at),
        reserved_until=today + timedelta(days=RESERVED_DAYS if reserve_name else 0),
        counts=counts,
    )
    hosts = _forget(district)
    transaction.on_commit(partial(_clear_after_commit, district.schema_name, hosts))
    return record


def take_back(schema_name: str) -> None:
    """Remove a schema and, where it has a district that was never whole, that without a record.

    May be repeated.
    """
    district = District.objects.filter(schema_name=schema_name).first()
    hosts = _forget(district) if district is not None else []
    _clear_all(schema_name, hosts)


@transaction.atomic
def _forget(district: District) -> list[str]:
    """Delete a district's rows in the public schema; return the hosts it had."""
    hosts = list(district.domains.values_list("domain", flat=True))
    lookup.forget_after_commit(district)
    Pointer.objects.filter(district_id=district.pk).delete()
    Order.objects.filter(district_id=district.pk).update(coordinator="")
    kit.forget(district)
    # Only the row: with auto_drop_schema off, django-tenants leaves the schema to us.
    district.domains.all().delete()
    District.objects.filter(pk=district.pk).delete()
    # Behind the row, which whoever is still filling the schema holds while ending its mark.
    Unfinished.objects.get_or_create(schema_name=district.schema_name)
    operator = district.operator
    # Who runs the platform stands on the platform's own legal pages.
    is_ended = operator is not None and not operator.runs_platform
    if (
        operator is not None
        and is_ended
        and not District.objects.filter(operator=operator).exists()
    ):
        operator.delete()
    return hosts


def _clear_after_commit(schema_name: str, hosts: list[str]) -> None:
    """Clear what a removed district had; where that fails, it waits for the night."""
    try:
        _clear_all(schema_name, hosts)
    except Error as error:
        log.error("removal.schema_stays", schema=schema_name, error=type(error).__name__)


def _clear_all(schema_name: str, hosts: list[str]) -> None:
    """Take away a schema that no district has, and what belongs to it outside of the database."""
    with schema_context(PUBLIC), held(schema_name) as is_free:
        if is_free:
            functions.drop_schema(schema_name)
            _clear(schema_name, hosts)
            Unfinished.objects.filter(schema_name=schema_name).delete()


def _counts(district: District) -> dict[str, int]:
    with tenant_context(district):
        return {
            "people": Person.objects.count(),
            "teams": Team.objects.count(),
            "solution_teams": SolutionTeam.objects.count(),
        }


def _clear(schema_name: str, hosts: list[str]) -> None:
    """Take away what a removed district has outside of the database."""
    shutil.rmtree(_folder() / schema_name, ignore_errors=True)
    _clear_cache(f"*{schema_name}*", *(f"*:{host}" for host in hosts))
    _clear_queue({schema_name})


def _folder() -> Path:
    return Path(settings.MEDIA_ROOT)


def _clear_cache(*patterns: str) -> None:
    """Delete keys by patterns, whatever their cache's prefix."""
    server = get_redis_connection("default")
    for pattern in patterns:
        keys = list(server.scan_iter(pattern, count=1000))
        if keys:
            server.delete(*keys)
    # A page that is being made at this moment may set its version once more; it ends by itself.
    caches["platform"].close()


def _clear_queue(schemas: set[str]) -> None:
    """Take tasks of removed districts out of the queue, and what a worker has not finished yet.

    Celery's own clients add the prefix to some commands only; here it stands in the keys.
    """
    prefix = settings.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"]
    server = get_redis_connection("default")
    queue = f"{prefix}{current_app.conf.task_default_queue}"
    for message in server.lrange(queue, 0, -1):
        if _names(message, schemas):
            server.lrem(queue, 0, message)
    for tag, message in server.hgetall(f"{prefix}unacked").items():
        if _names(message, schemas):
            server.hdel(f"{prefix}unacked", tag)
            server.zrem(f"{prefix}unacked_index", tag)


def _names(message: bytes, schemas: set[str]) -> bool:
    return any(schema.encode() in message for schema in schemas)


def clear_leftovers() -> list[str]:
    """Take away files and keys of schemas that no district has; return their names.

    A folder of today may be of a district that is just being brought in. Which districts there
    are is asked last: one that was made meanwhile is known then.
    """
    yesterday = time.time() - 86_400
    found = {
        folder.name
        for folder in (_folder().iterdir() if _folder().is_dir() else ())
        if DISTRICT_SCHEMA.fullmatch(folder.name) and folder.stat().st_mtime < yesterday
    }
    for cache in caches.all(initialized_only=False):
        # Another platform on the same server has districts of its own.
        ours = f"*{cache.key_prefix}:*"
        for key in get_redis_connection("default").scan_iter(ours, count=1000):
            found |= set(re.findall(r"d_[0-9a-f]{16}", key.decode(errors="replace")))
    known = set(District.objects.values_list("schema_name", flat=True))
    gone = sorted(name for name in found - known if not _is_young(_folder() / name, yesterday))
    for schema_name in gone:
        _clear(schema_name, [])
        log.info("removal.leftovers", schema=schema_name)
    return gone


def _is_young(folder: Path, since: float) -> bool:
    return folder.is_dir() and folder.stat().st_mtime >= since
