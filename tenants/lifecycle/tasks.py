"""The work of every night and morning: one platform task sends a task to each district."""

import structlog
from celery import current_app, shared_task

from tenants.districts.models import District
from tenants.lifecycle import services
from wiq.celery_app import DistrictTask, PlatformTask

log = structlog.get_logger(__name__)


@shared_task(base=PlatformTask, name="tenants.lifecycle.tasks.nightly")
def nightly() -> None:
    """Queue the nightly task for each district; a failure does not stop the others."""
    for schema_name in District.objects.tended().values_list("schema_name", flat=True):
        current_app.send_task("tenants.lifecycle.tasks.tend", headers={"_schema_name": schema_name})


@shared_task(base=DistrictTask, name="tenants.lifecycle.tasks.tend")
def tend() -> None:
    """Do the nightly work of one district: erase what is due, ask "Stimmt das noch?"."""
    done = services.tend()
    log.info("district.tended", **done)


@shared_task(base=PlatformTask, name="tenants.lifecycle.tasks.morning")
def morning() -> None:
    """Queue the mails with news for each public district."""
    for schema_name in District.objects.published().values_list("schema_name", flat=True):
        current_app.send_task(
            "directory.following.tasks.tell", headers={"_schema_name": schema_name}
        )
