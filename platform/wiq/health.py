"""Whether the platform is alive, and whether each part it needs does its work.

For whoever watches the platform. Asking takes no part away from visitors: one thread asks at a
time, and no part is waited for (wiq.outages, wiq.signs).
"""

import shutil
import threading
from collections.abc import Callable, Mapping

from django.conf import settings
from django.core.cache import caches
from django.db import connection, transaction
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_redis import get_redis_connection
from django_tenants.utils import get_tenant_model

from wiq import signs
from wiq.accounts.models import User
from wiq.backups import record as backups
from wiq.database.lock_room import check_room
from wiq.erasures import checking as erasures
from wiq.media.storage import district_files
from wiq.outbox.models import Trouble

# Less is no room for a day of logs, or for two films.
FREE_BYTES = 200_000_000


class NoSignOfLife(Exception):
    """A process has left no sign of life lately: it ended, or hangs."""


class RefusesUs(Exception):
    """The mail server takes no mail from us at all (docs/operating.md, Mail)."""


class DiskFull(Exception):
    """There is hardly any room for files and logs."""


def database() -> None:
    """Let the database work with a file of its own, which needs room on its disk.

    With so little memory the rows go into a temporary file, which leaves nothing behind
    (https://www.postgresql.org/docs/18/runtime-config-resource.html#GUC-WORK-MEM).
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '64kB'")
        cursor.execute("SELECT count(*) FROM generate_series(1, 20000)")


def cache() -> None:
    """Ask the cache server directly: Django's cache interface would hide an outage."""
    get_redis_connection(next(iter(caches))).ping()


def queue() -> None:
    """Write what the queue would have to keep: a server whose disk is full still answers."""
    signs.leave(get_redis_connection("platform"), "written")


def worker() -> None:
    """Look whether a worker's threads still work. Raises NoSignOfLife."""
    _look_for(signs.WORKER)


def beat() -> None:
    """Look whether anybody still starts what is due. Raises NoSignOfLife."""
    _look_for(signs.BEAT)


def mail() -> None:
    """Look whether the mail server takes no mail from us. Raises RefusesUs."""
    if Trouble.objects.told():
        raise RefusesUs


def disk() -> None:
    """Look for room where this server keeps files and logs. Raises DiskFull."""
    if shutil.disk_usage(settings.WIQ_STATE).free < FREE_BYTES:
        raise DiskFull


def _look_for(name: str) -> None:
    if not signs.is_there(get_redis_connection("platform"), name):
        raise NoSignOfLife


PARTS: dict[str, Callable[[], None]] = {
    "database": database,
    "backup": check_room,
    "backup_check": backups.check,
    "erasures": erasures.check,
    "files": lambda: district_files().check(),
    "cache": cache,
    "queue": queue,
    "worker": worker,
    "beat": beat,
    "mail": mail,
    "disk": disk,
}


def first_steps() -> dict[str, str]:
    """Return what the operator has still to do on a new server; the status stays as it is.

    Otherwise a proxy would not lead anybody to the page where an invitation is accepted.
    """
    if User.objects.has_project_team():
        return {}
    return {"project_team": "nobody has an account yet: create_account EMAIL --platform"}


def closed_districts() -> list[str]:
    """Return the districts whose migration failed, as far as the database can be asked.

    Strangers may read the names of public districts only; the logs name the others the same way.
    """
    try:
        behind = list(get_tenant_model().objects.behind())
    except Exception:
        return []
    return [row.slug if row.state == "published" else row.schema_name for row in behind]


def words_of_mail_server() -> dict[str, str]:
    """Return what the mail server says, without addresses, as far as the database can be asked."""
    try:
        found = Trouble.objects.told()
    except Exception:
        return {}
    return {"mail_server": str(found)} if found else {}


class Asking:
    """Asks all parts, one thread at a time; whoever comes meanwhile gets the last answer."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last: dict[str, str] = {}

    def answer(self, parts: Mapping[str, Callable[[], None]]) -> dict[str, str]:
        """Return for each part "ok", or the kind of its failure without its words."""
        if not self._lock.acquire(blocking=not self._last):
            return self._last
        try:
            self._last = {name: _state(ask) for name, ask in parts.items()}
            return self._last
        finally:
            self._lock.release()


def _state(ask: Callable[[], None]) -> str:
    try:
        ask()
    except Exception as error:
        return f"failed: {type(error).__name__}"
    return "ok"


_asking = Asking()


def failing() -> list[str]:
    """Return the names of the parts that do not work, as the readiness page knows them."""
    return [name for name, state in _asking.answer(PARTS).items() if state != "ok"]


@never_cache
@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """Say that this process answers."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Report for each part whether it works; the status is 503 if one does not.

    Districts that are closed because their migration failed are named, and the status stays 200:
    all others work.
    """
    parts = _asking.answer(PARTS)
    good = all(state == "ok" for state in parts.values())
    steps = first_steps() if parts["database"] == "ok" else {}
    answer = {"status": "ok" if good else "unavailable", **parts, **steps}
    if parts["mail"] != "ok":
        answer |= words_of_mail_server()
    if closed := closed_districts():
        answer["districts"] = f"failed: {', '.join(closed)}"
    return JsonResponse(answer, status=200 if good else 503)


urlpatterns = [path("live", live), path("ready", ready)]
