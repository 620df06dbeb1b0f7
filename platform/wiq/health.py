"""Whether the platform is alive, and whether each server it needs answers."""

from collections.abc import Callable

from celery import current_app
from django.core.cache import caches
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_redis import get_redis_connection

from wiq.accounts.models import User

WORKER_SECONDS = 1.0


def database() -> None:
    """Run a query on the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def cache() -> None:
    """Ask the cache server directly: Django's cache interface would hide an outage."""
    get_redis_connection(next(iter(caches))).ping()


def queue() -> None:
    """Open a connection to the broker."""
    with current_app.connection_for_write() as broker:
        broker.ensure_connection(max_retries=1, timeout=1)


def worker() -> None:
    """Ask the workers through the queue; one answer is enough. Raises if none comes."""
    if not current_app.control.broadcast("ping", reply=True, timeout=WORKER_SECONDS, limit=1):
        raise TimeoutError


PARTS: dict[str, Callable[[], None]] = {
    "database": database,
    "cache": cache,
    "queue": queue,
    "worker": worker,
}


def first_steps() -> dict[str, str]:
    """Return what the operator has still to do on a new server; the status stays as it is.

    Otherwise a proxy would not lead anybody to the page where an invitation is accepted.
    """
    if User.objects.has_project_team():
        return {}
    return {"project_team": "nobody has an account yet: create_account EMAIL --platform"}


@never_cache
@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """Say that this process answers."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Report for each part whether it answers; the status is 503 if one does not."""
    parts: dict[str, str] = {}
    for name, ask in PARTS.items():
        try:
            ask()
        except Exception as error:
            parts[name] = f"failed: {type(error).__name__}"
        else:
            parts[name] = "ok"
    good = all(state == "ok" for state in parts.values())
    steps = first_steps() if parts["database"] == "ok" else {}
    answer = {"status": "ok" if good else "unavailable", **parts, **steps}
    return JsonResponse(answer, status=200 if good else 503)


urlpatterns = [path("live", live), path("ready", ready)]
