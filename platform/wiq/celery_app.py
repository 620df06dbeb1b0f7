"""Celery's app for the worker. Every task carries its district's schema and refuses any other."""

import os
from time import perf_counter
from typing import Any

from celery.signals import worker_init, worker_ready
from tenant_schemas_celery.app import CeleryApp
from tenant_schemas_celery.task import TenantTask

from wiq.confinement import keep_to_oneself
from wiq.metrics.counting import counts, serve_in_background
from wiq.tenancy import PUBLIC, connection
from wiq.traces import tracing
from wiq.worker_places import Places
from wiq.worker_sign import SignOfLife

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wiq.settings")


class WrongSchema(RuntimeError):
    """A task was about to run in a schema that it was not sent for."""


class DistrictTask(TenantTask):
    """A task of one district. It refuses to run anywhere else.

    If the district is gone or the task's header is lost, tenant-schemas-celery silently runs the
    task in the public schema; here that is an error.
    """

    abstract = True
    allows_platform = False
    allows_district = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        began, outcome = perf_counter(), "failed"
        queue = (self.request.delivery_info or {}).get("routing_key") or ""
        try:
            with tracing.running(self.name, queue, self._headers()):
                result = self._in_its_schema(*args, **kwargs)
            outcome = "done"
            return result
        finally:
            counts.task(self.name, outcome, perf_counter() - began)

    def _headers(self) -> dict[str, Any]:
        return self.request.headers or {}

    def _in_its_schema(self, *args: Any, **kwargs: Any) -> Any:
        wanted = self._headers().get("_schema_name") or self.request.get("_schema_name")
        if not wanted or wanted != connection.schema_name:
            raise WrongSchema(f"{self.name}: sent for {wanted}, run in {connection.schema_name}")
        allowed = self.allows_platform if wanted == PUBLIC else self.allows_district
        if not allowed:
            raise WrongSchema(f"{self.name} does not run in {wanted}")
        return super().__call__(*args, **kwargs)


class PlatformTask(DistrictTask):
    """A task of the platform, in the public schema only."""

    abstract = True
    allows_platform = True
    allows_district = False


class MailTask(DistrictTask):
    """A task for mails, which districts and the platform both send."""

    abstract = True
    allows_platform = True


class WiqCelery(CeleryApp):
    """The app whose tasks are all DistrictTasks unless they say otherwise."""

    task_cls = "wiq.celery_app:DistrictTask"


app = WiqCelery("wiq")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["consumer"].update((Places, SignOfLife))


@worker_init.connect
def _get_ready(**kwargs: Any) -> None:
    keep_to_oneself()
    tracing.begin("worker")


@worker_ready.connect
def _serve_numbers(**kwargs: Any) -> None:
    serve_in_background()


__all__ = ["DistrictTask", "MailTask", "PlatformTask", "WrongSchema", "app"]
