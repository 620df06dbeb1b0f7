"""Removing a district completely: schema, role, files, cache, waiting mails and queued tasks."""

import re
import time
from datetime import timedelta
from functools import partial

import structlog
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
from wiq.media.storage import FilesAway, district_files
from wiq.outbox.models import Pointer
from wiq.queues import Queue
from wiq.reputation.models import Report, Slowed
from wiq.senders.models import Sender
from wiq.tenancy import PUBLIC

log = structlog.get_logger(__name__)
# Nobody else gets the name for this long, because links and printed posters still point to it.
RESERVED_DAYS = 90


@transaction.atomic
def remove(district: District, *, reserve_name: bool = True) -> Removal:
    """Remove a district with all its data; only a record without personal data is left.

    The caller's transaction makes it disappear for everybody. Its schema and its files outside
    the database are deleted after the commit, or at night if that fails.
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
    """Remove a schema and its unfinished district, if there is one, without a record.

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
    for model in (Pointer, Report, Slowed, Sender):
        model.objects.filter(district_id=district.pk).delete()
    Order.objects.filter(district_id=district.pk).update(coordinator="")
    kit.forget(district)
    # Only the row: with auto_drop_schema off, django-tenants leaves the schema to us.
    district.domains.all().delete()
    District.objects.filter(pk=district.pk).delete()
    # After the row is deleted: a process that still fills the schema locks the row while it
    # deletes its mark.
    Unfinished.objects.get_or_create(schema_name=district.schema_name)
    operator = district.operator
    if operator is not None and not District.objects.filter(operator=operator).exists():
        operator.delete()
    return hosts


def _clear_after_commit(schema_name: str, hosts: list[str]) -> None:
    """Delete the rest of a removed district; if that fails, the night does it."""
    try:
        _clear_all(schema_name, hosts)
    except (Error, FilesAway) as error:
        log.error("removal.schema_stays", schema=schema_name, error=type(error).__name__)


def _clear_all(schema_name: str, hosts: list[str]) -> None:
    """Delete a schema without a district, and its data outside the database."""
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
    """Delete a removed district's data outside the database."""
    _clear_cache(f"*{schema_name}*", *(f"*:{host}" for host in hosts))
    _clear_queue({schema_name})
    # Last, because a bucket may be away; the rest goes all the same.
    district_files().of(schema_name).remove_all()


def _clear_cache(*patterns: str) -> None:
    """Delete the keys that match a pattern, whatever their cache's prefix."""
    server = get_redis_connection("default")
    for pattern in patterns:
        keys = list(server.scan_iter(pattern, count=1000))
        if keys:
            server.delete(*keys)
    # A page that is being rendered now may set its version once more; that key expires.
    caches["platform"].close()


def _clear_queue(schemas: set[str]) -> None:
    """Remove tasks of removed districts from the queues, and tasks that a worker has not finished.

    Celery's own client adds the prefix to some commands only, so the keys here contain it.
    """
    prefix = settings.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"]
    server = get_redis_connection("default")
    for queue in (f"{prefix}{name}" for name in Queue):
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
    """Delete files and keys of schemas without a district; return their names.

    Files from today are skipped: their district may be in the middle of an import. The districts
    are queried last, so that new ones are known.
    """
    yesterday = time.time() - 86_400
    found = district_files().districts()
    for cache in caches.all(initialized_only=False):
        # Another platform on the same server has its own districts.
        ours = f"*{cache.key_prefix}:*"
        for key in get_redis_connection("default").scan_iter(ours, count=1000):
            found |= set(re.findall(r"d_[0-9a-f]{16}", key.decode(errors="replace")))
    known = set(District.objects.values_list("schema_name", flat=True))
    gone = sorted(
        name for name in found - known if district_files().of(name).last_change() < yesterday
    )
    for schema_name in gone:
        _clear(schema_name, [])
        log.info("removal.leftovers", schema=schema_name)
    return gone
