"""Celery's tasks that deliver mails."""

from celery import shared_task

from wiq.celery_app import MailTask, PlatformTask
from wiq.mail import sending
from wiq.mail.pace import pace
from wiq.outbox.models import Pointer
from wiq.outbox.tasks import SEND_WAITING
from wiq.tenancy import current_district_id


@shared_task(base=MailTask, name="wiq.mail.tasks.deliver")
def deliver(pointer_id: int, lease: str | None = None) -> None:
    """Try to send one mail of this task's schema, just after it was written.

    One to a slow domain is left to those who send what waits. ``lease`` comes from versions before
    December 2026, whose sweeps queued every mail.
    """
    found = Pointer.objects.filter(pk=pointer_id).first()
    if found is None:  # erased together with its mail after it was queued
        return
    if found.district_id != current_district_id():
        raise RuntimeError(f"pointer {pointer_id} is not of this district")
    if not pace.is_slow(found.domain):
        sending.send_now(pointer_id)


@shared_task(base=PlatformTask, name=SEND_WAITING)
def deliver_waiting() -> None:
    """Send what has waited, of all districts, many mails over one connection."""
    sending.send_waiting()
