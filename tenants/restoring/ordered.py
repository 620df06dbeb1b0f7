"""Restores that are ordered at the console: the worker does them, the page says how far it is.

The row beside the district is the order: it says where the backup lies, how far it is, what would
change, and at last how it ended.
"""

import secrets
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenants.districts import services as districts
from tenants.districts.models import District
from tenants.lifecycle.ending import check_host
from tenants.provisioning.models import Beside
from tenants.restoring import base_backups, offered, services
from tenants.restoring.scratch import BackupError
from tenants.restoring.steps import Step
from tenants.restoring.turns import Busy, alone
from wiq import queueing
from wiq.actors import Actor, name_of
from wiq.audit import services as audit
from wiq.queues import Queue
from wiq.tenancy import PUBLIC

log = structlog.get_logger(__name__)
Stage = Beside.Stage
FILL, SWAP = "tenants.restoring.tasks.fill", "tenants.restoring.tasks.swap"
GONE = gettext_lazy("Diese Sicherung gibt es nicht mehr. Bitte wählen Sie eine andere.")


@transaction.atomic
def order(district: District, name: str, *, at: str, actor: Actor) -> Beside:
    """Order that a backup be unpacked and compared. Raises ValidationError."""
    services.check(district)
    # Of two who order at the same moment, one waits and finds the other's order.
    districts.locked_staying(district)
    if name not in offered.names():
        raise ValidationError(GONE)
    if at:
        try:
            base_backups.moment(at)
        except BackupError:
            raise ValidationError(
                _("Bitte schreiben Sie den Zeitpunkt so: 2026-11-29 14:30."), code="moment"
            ) from None
    if open_of(district) is not None:
        raise ValidationError(_("Für dieses Quartier läuft schon eine Wiederherstellung."))
    beside = Beside.objects.create(
        schema_name=f"d_{secrets.token_hex(8)}", district_id=district.pk,
        origin=f"{name}, {at}" if at else name, until=timezone.now() + services.WAITS,
        words=_("wartet"), details={"name": name, "at": at},
    )  # fmt: skip
    audit.record_event(
        "district.restore_ordered", district, actor=actor, details={"from": beside.origin}
    )
    push(FILL, beside)
    return beside


def push(task: str, beside: Beside, *words: Any) -> None:
    """Queue a task about an order, once it is kept.

    Backups are read by the worker that has them; to swap, and to lead back, any can.
    """
    queue = Queue.RESTORING if task == FILL else Queue.DISTRICTS
    send = partial(queueing.send, task, beside.schema_name, *words, schema_name=PUBLIC, queue=queue)
    transaction.on_commit(lambda: send() and None)


def open_of(district: District) -> Beside | None:
    """Return the restore of a district that is under way; None where there is none."""
    found: Beside | None = (
        Beside.objects.filter(district_id=district.pk).exclude(stage=Stage.KEPT).first()
    )
    return found


def give_way(district: District) -> None:
    """Before a command restores: drop what a killed one left, or one that still asks.

    Raises ValidationError where the console is at it, or another command at work.
    """
    under_way = Beside.objects.filter(
        district_id=district.pk, stage__in=(Stage.FILLING, Stage.READY)
    )
    for beside in under_way:
        if "name" in beside.details:
            raise ValidationError(_("Für dieses Quartier läuft schon eine Wiederherstellung."))
        with alone(district):
            services.drop(beside)


def fill(schema_name: str) -> None:
    """Do what was ordered: unpack, bring to this version, copy and compare. May be repeated."""
    beside = Beside.objects.filter(pk=schema_name, stage=Stage.FILLING).first()
    if beside is None:
        return
    district = District.objects.get(pk=beside.district_id)

    def say(step: Step) -> None:
        Beside.objects.filter(pk=schema_name).update(words=step.label)

    path = Path(settings.WIQ_BACKUPS) / beside.details["name"]
    try:
        # Web said the name; what may be read is said by this folder alone.
        if beside.details["name"] not in offered.here():
            raise ValidationError(GONE)
        say(Step.UNPACKING)
        services.prepare(district, path, at=beside.details["at"], say=say, beside=beside)
    except Busy:
        # Delivered twice, or pushed once more: whoever is at it ends it.
        log.info("restoring.busy", schema=schema_name)
    except (BackupError, ValidationError) as error:
        said = "; ".join(error.messages) if isinstance(error, ValidationError) else str(error)
        services.fail(beside, said)
    except Exception as error:
        services.fail(beside, type(error).__name__)
        raise


@transaction.atomic
def confirm(district: District, beside: Beside, *, typed_host: str, actor: Actor) -> None:
    """Order the swap of what was compared, or the way back. Raises ValidationError."""
    check_host(district, typed_host)
    services.check(district)
    Beside.objects.filter(pk=beside.pk).update(words=_("wird getauscht"))
    push(SWAP, beside, name_of(actor), _as_confirmed(beside))


def _as_confirmed(beside: Beside) -> str:
    """Return what every swap changes: a task that comes twice must not lead back."""
    return f"{beside.stage} {beside.until.isoformat()}"


def swap(schema_name: str, who: str, confirmed: str) -> None:
    """Swap what was confirmed, once; say on the page if it could not be."""
    beside = Beside.objects.filter(pk=schema_name, stage__in=(Stage.READY, Stage.KEPT)).first()
    if beside is None or _as_confirmed(beside) != confirmed:
        return
    said = ""
    try:
        services.swap(District.objects.get(pk=beside.district_id), beside, actor=who)
    except ValidationError as error:
        said = "; ".join(error.messages)
    except Exception as error:
        said = _("Es hat nicht geklappt, und nichts ist verändert: %s") % type(error).__name__
        log.error("restoring.not_swapped", schema=schema_name, error=type(error).__name__)
    Beside.objects.filter(pk=schema_name).update(words=said[:500])


@transaction.atomic
def discard(district: District, beside: Beside, *, actor: Actor) -> None:
    """Drop what was prepared, an order that waits, or what is left of a try that failed.

    Nothing else changes. Raises ValidationError for what is kept, was swapped since it was seen, or
    where a worker is at it.
    """
    with alone(district):
        audit.record_event(
            "district.restore_discarded", district, actor=actor, details={"from": beside.origin}
        )
        services.discard(district, beside)


def is_stuck(beside: Beside) -> bool:
    """Tell whether an order waits so long that its task may have been lost."""
    return beside.since < timezone.now() - timedelta(minutes=5)
