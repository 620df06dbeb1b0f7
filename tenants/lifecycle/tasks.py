"""The work of every night and morning: one platform task sends a task to each district."""

import structlog
from celery import current_app, shared_task

from tenants.districts.models import District
from tenants.lifecycle import services
from wiq.celery_app import DistrictTask, PlatformTask

log = structlog.get_logger(__name__)


@shared_task(base=PlatformTask, name="tenants.lifecycle.tasks.nightly")
def nightly() -> None:
    """Send each district its own nightly task; one that fails does not hold up the others."""
    for schema_name in District.objects.tended().values_list("schema_name", flat=True):
        current_app.send_task("tenants.lifecycle.tasks.tend", headers={"_schema_name": schema_name})


@shared_task(base=DistrictTask, name="tenants.lifecycle.tasks.tend")
def tend() -> None:
    """Forget what is due and ask whether solution teams are still right, in one district."""
    done = services.tend()
    log.info("district.tended", **done)


@shared_task(base=PlatformTask, name="tenants.lifecycle.tasks.morning")
def morning() -> None:
    """Let each public district tell its followers what is new."""
    for schema_name in District.objects.published().values_list("schema_name", flat=True):
        current_app.send_task(
            "directory.following.tasks.tell", headers={"_schema_name": schema_name}
        )
