"""Files that came by mail: kept beside the words they came with."""

from collections.abc import Iterable

from django.db.models import Sum

from directory.conversations.models import Attachment, ConversationEntry, HeldMail
from wiq.inbound.attachments import Attached

# Of all conversations of a district; then only names are kept, and mails themselves go on. In a
# district's file they are a third larger, and one part of that may have 200 MB.
LARGEST_TOGETHER = 100_000_000


def keep(
    attached: Iterable[Attached], *, entry: ConversationEntry | None = None,
    held: HeldMail | None = None,
) -> None:  # fmt: skip
    """Keep the files of a mail, with an entry or with a mail that waits."""
    rows = [
        Attachment(
            entry=entry, held=held, name=file.name, size=file.size, content=file.content
        )
        for file in attached
    ]  # fmt: skip
    if rows and bytes_kept() + sum(row.size for row in rows) > LARGEST_TOGETHER:
        for row in rows:
            row.content = None
    Attachment.objects.bulk_create(rows)


def bytes_kept() -> int:
    """Return how many bytes of files the current district's conversations hold."""
    rows = Attachment.objects.filter(content__isnull=False)
    return int(rows.aggregate(sum=Sum("size"))["sum"] or 0)
