"""What Valkey is looked at for: whether it forgets what it must keep, and who may read it."""

from collections.abc import Iterator

from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django_redis import get_redis_connection

from wiq.doctor.findings import Finding, ill, to_do, well
from wiq.queues import Queue

# So many tasks are an hour of a worker that does ten a second and is alone.
LONG_QUEUE = 1_000
# These throw away keys without an end, which are the queue.
FORGETFUL = ("allkeys-lru", "allkeys-lfu", "allkeys-random")


def _megabytes(count: int) -> str:
    return f"{number_format(count / 1e6, 1)}\N{NO-BREAK SPACE}MB"


def valkey() -> Iterator[Finding]:
    """Look at memory, durability and password. Raises RedisError."""
    server = get_redis_connection("default")
    memory, kept = server.info("memory"), server.info("persistence")
    policy = memory["maxmemory_policy"]
    if memory["maxmemory"] and policy in FORGETFUL:
        advice = _("maxmemory-policy auf volatile-lru stellen, wie in docker-compose.yml.")
        yield ill(_("Valkey vergisst bei vollem Speicher auch Aufträge (%s).") % policy, advice)
    if not kept["aof_enabled"]:
        text = _("Aufträge überstehen keinen Neustart von Valkey.")
        advice = _("appendonly yes, wie in docker-compose.yml.")
        yield to_do(text, advice)
    if "@" not in settings.REDIS_URL and not settings.REDIS_URL.startswith("unix:"):
        advice = _("requirepass setzen und das Passwort in REDIS_URL eintragen.")
        yield ill(_("Valkey fragt nach keinem Passwort."), advice)
    yield well(_("Valkey belegt %s.") % _megabytes(memory["used_memory"]))


def queues() -> Iterator[Finding]:
    """Say how many tasks wait. Raises RedisError."""
    server = get_redis_connection("platform")
    waiting = {queue: int(server.llen(queue.value)) for queue in Queue}
    long = {queue: count for queue, count in waiting.items() if count > LONG_QUEUE}
    for queue, count in long.items():
        text = _("In der Warteschlange %(name)s warten %(count)d Aufträge.") % {
            "name": queue.value, "count": count,
        }  # fmt: skip
        yield ill(text, _("Läuft der Worker? Wenn ja, einen zweiten starten: docs/capacity.md."))
    if not long:
        yield well(_("Wartende Aufträge: %d.") % sum(waiting.values()))
