"""The files that came with mails (``models`` holds what they came with)."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wiq.declared import Leaves


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    """Queries on files that came by mail."""

    def of(self, conversation: models.Model) -> Self:
        """Return all files of a conversation, those of mails that wait as well."""
        return self.filter(Q(entry__conversation=conversation) | Q(held__conversation=conversation))

    def without_content(self) -> Self:
        """Return them for a list: megabytes are read only for a download."""
        kept = Q(content__isnull=False)
        return self.defer("content").annotate(is_kept=kept).order_by("pk")


class Attachment(models.Model):
    """A file that came with a mail. It lies in the row, so it goes whenever the row goes."""

    entry = models.ForeignKey(
        "conversations.ConversationEntry",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="attachments",
    )
    held = models.ForeignKey(
        "conversations.HeldMail", models.CASCADE, null=True, blank=True, related_name="attachments"
    )
    name = models.CharField(_("Name"), max_length=120)
    size = models.PositiveIntegerField(_("Größe in Bytes"))
    # Empty for one that was too large to keep: its name still tells of it.
    content = models.BinaryField(null=True, blank=True)

    objects: ClassVar = AttachmentQuerySet.as_manager()

    class Data:
        leaves = Leaves.PERSONAL
        visitors_see = False
        plain = "entry held size"
        personal = "name content"
        # What was held back never leaves, nor do its files.
        only: ClassVar = {"held": None}

    class Meta:
        verbose_name = _("Anhang")
        verbose_name_plural = _("Anhänge")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(entry__isnull=True) ^ Q(held__isnull=True),
                name="attachment_of_one",
            ),
        ]

    def __str__(self) -> str:
        return self.name
