"""The files that an answer brings along to the resident."""

from directory.conversations.models import Attachment
from directory.conversations.sorts import sorts
from wiq.mail.carrying import Carried, carriers
from wiq.mail.models import Message


def files_of(message: Message) -> list[Carried]:
    """Return the files of the answer that a mail carries."""
    # The platform's own mails are about something else, in a schema without conversations.
    if message.about_id is None or message.about_type not in {sort.kind for sort in sorts}:
        return []
    rows = Attachment.objects.filter(
        entry__conversation__about_type=message.about_type,
        entry__conversation__about_id=message.about_id,
        entry__mail_uuid=message.uuid,
        content__isnull=False,
    )
    return [Carried(row.name, bytes(row.content or b"")) for row in rows.order_by("pk")]


carriers.register(files_of)
