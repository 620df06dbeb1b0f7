"""Undelivered mails of all rooms."""

from django.http import HttpRequest
from django.urls import NoReverseMatch
from django.utils.translation import gettext as _

from wiq.admin.waiting import SHOWN, Pile, Task, change_url, waits
from wiq.mail.models import Message
from wiq.outbox.models import Pointer
from wiq.tenancy import current_district_id


@waits(place=110, permission="contact.view_contactrequest")
def failed_mails(request: HttpRequest) -> Pile:
    """Mails that were given up or keep failing."""
    stuck = Pointer.objects.filter(district_id=current_district_id()).stuck()
    uuids = list(stuck.order_by("waiting_since").values_list("message_uuid", flat=True)[:SHOWN])
    tasks = [
        Task(message.subject, message.to, _about(message))
        for message in sorted(
            Message.objects.filter(uuid__in=uuids), key=lambda message: uuids.index(message.uuid)
        )
    ]
    return Pile(_("Mails, die nicht ankommen"), stuck.count(), "", tasks)


def _about(message: Message) -> str:
    """Return the desk's page about a mail's object; an empty text if there is none."""
    try:
        return change_url(message.about_type.replace(".", "_"), message.about_id or 0)
    except NoReverseMatch:
        return ""
