"""The work of every night and morning: one platform task sends a task to each district."""

from datetime import timedelta

import structlog
from celery import shared_task
from django.conf import settings
from django.utils import timezone

from tenants.districts.models import District
from tenants.lifecycle import services
from wiq import queueing
from wiq.celery_app import DistrictTask, PlatformTask
from wiq.erasures import ledger

log = structlog.get_logger(__name__)


@shared_task(base=PlatformTask, name="tenants.lifecycle.tasks.nightly")
def nightly() -> None:
    """Queue the nightly task for each district; a failure does not stop the others.

    The ledger of erasures drops what is older than any backup.
    """
    try:
        ledger.forget_before(timezone.now() - timedelta(days=settings.WIQ_LEDGER_DAYS))
    except OSError as error:
        log.error("erasures.not_written", error=type(error).__name__, count=0)
    for schema_name in District.objects.tended().values_list("schema_name", flat=True):
        queueing.send("tenants.lifecycle.tasks.tend", schema_name=schema_name)


@shared_task(base=DistrictTask, name="tenants.lifecycle.tasks.tend")
def tend() -> None:
    """Do the nightly work of one district: erase what is due, ask "Stimmt das noch?"."""
    done = services.tend()
    log.info("district.tended", **done)


@shared_task(base=PlatformTask, name="tenants.lifecycle.tasks.morning")
def morning() -> None:
    """Queue the mails with news, and the morning's work, for each public district."""
    usable = District.objects.published().up_to_date()
    for schema_name in usable.values_list("schema_name", flat=True):
        queueing.send("directory.following.tasks.tell", schema_name=schema_name)
        queueing.send("tenants.lifecycle.tasks.wake", schema_name=schema_name)


@shared_task(base=DistrictTask, name="tenants.lifecycle.tasks.wake")
def wake() -> None:
    """Do the morning's work of one district: remind whoever has something to answer."""
    log.info("district.woken", **services.wake())
