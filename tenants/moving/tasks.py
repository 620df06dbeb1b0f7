"""Celery's task that ends moves whose process is gone."""

from collections.abc import Callable
from datetime import timedelta

import structlog
from celery import shared_task
from django.utils import timezone

from tenants.moving import arriving, mending, own_hosts, stages
from tenants.moving.models import Move, Stage
from wiq.celery_app import PlatformTask

log = structlog.get_logger(__name__)
# So long one hears nothing of a move before one asks, and so long until one asks again.
QUIET = timedelta(hours=1)


@shared_task(base=PlatformTask, name="tenants.moving.tasks.mend")
def mend() -> None:
    """Let go what broke off, find out who answers, and forget what does not come.

    Each for itself: what goes wrong with one keeps no other from being written again.
    """
    for row in Move.objects.leaving():
        _try(row, mending.mend)
    arriving.forget_old()
    limit = timezone.now() - QUIET
    quiet = Move.objects.coming().exclude(stage=Stage.EXPECTED).filter(changed_at__lt=limit)
    for row in quiet:
        _try(row, arriving.ask_back)
    arriving.forget_lost()
    own_hosts.follow()


def _try(row: Move, step: Callable[[Move], None]) -> None:
    """Take a step; where it fails it is repeated in a moment, and the console says why."""
    try:
        step(row)
    except stages.Overtaken:
        return
    except Exception as error:
        log.exception("moving.stays", slug=row.slug, stage=str(row.stage))
        stages.note(row, words=f"{type(error).__name__}: {error}"[:300])
