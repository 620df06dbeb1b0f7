"""Celery's task that ends moves whose process is gone."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from tenants.moving import arriving, leaving, own_hosts
from tenants.moving.models import Move, Stage
from wiq.celery_app import PlatformTask

# So long one hears nothing of a move before one asks, and so long until one asks again.
QUIET = timedelta(hours=1)


@shared_task(base=PlatformTask, name="tenants.moving.tasks.mend")
def mend() -> None:
    """Let go what broke off, find out who answers, and forget what does not come."""
    for row in Move.objects.leaving():
        leaving.mend(row)
    arriving.forget_old()
    limit = timezone.now() - QUIET
    quiet = Move.objects.coming().exclude(stage=Stage.EXPECTED).filter(changed_at__lt=limit)
    for row in quiet:
        arriving.ask_back(row)
    own_hosts.follow()
