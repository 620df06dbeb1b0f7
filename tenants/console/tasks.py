"""Celery's tasks of the console: counting every hour, cleaning up and mailing every night."""

import structlog
from celery import shared_task

from tenants.accountability import folder
from tenants.accountability import services as folders
from tenants.applications import services as applications
from tenants.console import services
from tenants.districts.models import District
from tenants.lifecycle import ending
from tenants.provisioning import functions, grants, making, orphans, removal, template
from tenants.provisioning.making import COUNT
from tenants.restoring import services as restoring
from wiq import queueing
from wiq.accounts import dormancy, factors, sessions
from wiq.celery_app import DistrictTask, PlatformTask
from wiq.inbound import receiving as inbound
from wiq.mail import services as mails
from wiq.outbox import budget
from wiq.reputation import services as reputation
from wiq.tenancy import PUBLIC, connection

log = structlog.get_logger(__name__)


@shared_task(base=PlatformTask, name="tenants.console.tasks.count_all")
def count_all() -> None:
    """Queue a count for each district; a failure does not stop the others."""
    reputation.review()
    for schema_name in District.objects.tended().values_list("schema_name", flat=True):
        queueing.send(COUNT, schema_name=schema_name)


@shared_task(base=DistrictTask, name=COUNT)
def count() -> None:
    """Count one district."""
    services.count(connection.tenant)


@shared_task(base=PlatformTask, name="tenants.console.tasks.nightly")
def nightly() -> None:
    """Do the platform's nightly work; each part may run again."""
    schemas = District.objects.tended().values_list("schema_name", flat=True)
    done = {
        "removed": ending.remove_due(),
        "folders_forgotten": folders.forget_removed(),
        "folder_kept": folders.keep_changed(folder.of_platform()),
        "unfinished": making.take_back_unfinished(),
        "kept_dropped": restoring.drop_due(),
        "orphans": orphans.sweep(),
        "owners_named": grants.name_owners(),
        "leftovers": len(removal.clear_leftovers()),
        "applications_forgotten": applications.forget_due(),
        "inbound_forgotten": inbound.forget_old(),
        "reports_forgotten": reputation.forget_old(),
        "mailboxes_forgotten": budget.forget_old(),
        "alarms": len(services.raise_alarms()),
        "actors_forgotten": sum(map(functions.forget_actors, [PUBLIC, *schemas])),
        "seeds_encrypted": factors.encrypt_all(),
        "sessions_forgotten": sessions.forget_over(),
        "account_mails_forgotten": mails.forget_old(),
        "accounts_asleep": dormancy.tend(),
    }
    log.info("platform.tended", **done)
    drifted = template.differences()
    if drifted:
        log.error("schema.drift", schemas=drifted)
