"""Mails that wait in vain, whatever room they are of."""

from django.http import HttpRequest
from django.urls import NoReverseMatch
from django.utils.translation import gettext as _

from wiq.admin.waiting import SHOWN, Pile, Task, change_url, waits
from wiq.mail.models import Message
from wiq.outbox.models import Pointer
from wiq.tenancy import current_district_id


@waits(place=110, permission="contact.view_contactrequest")
def failed_mails(request: HttpRequest) -> Pile:
    """Mails that did not get through, or try in vain."""
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
    """Return where the desk shows what a mail is about; nothing where it has no page there."""
    try:
        return change_url(message.about_type.replace(".", "_"), message.about_id or 0)
    except NoReverseMatch:
        return ""
