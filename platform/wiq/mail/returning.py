"""No mail is sent a second time because its row comes back."""

from datetime import datetime
from uuid import UUID

from wiq.mail.models import Message
from wiq.returning import Mend, as_today, mends

Sent = dict[UUID, tuple[datetime | None, datetime | None]]


def _sent() -> Sent:
    return {
        uuid: (sent, returned)
        for uuid, sent, returned in Message.objects.values_list("uuid", "sent_at", "returned_at")
    }


def _mend(today: Sent) -> None:
    """Let what waits be what waits today; a mail that is gone today was sent, or was erased."""
    waiting = Message.objects.filter(sent_at__isnull=True)
    for message in waiting:
        if message.uuid in today:
            message.sent_at, message.returned_at = today[message.uuid]
            message.save(update_fields=["sent_at", "returned_at"])
        else:
            message.delete()


as_today.register("mail.refusedaddress")
mends.register(Mend(_sent, _mend))
