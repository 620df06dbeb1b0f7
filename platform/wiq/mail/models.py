"""The content of mails, in the schema of the sender."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from wiq.declared import Leaves


class MessageQuerySet(models.QuerySet["Message"]):
    """Finds mails by the object they are about."""

    def about(self, target: models.Model) -> "MessageQuerySet":
        """Return the mails that belong to one object."""
        return self.filter(about_type=target._meta.label_lower, about_id=target.pk)


class Message(models.Model):
    """One mail to one address. Its outbox pointer holds the state of the delivery."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("Art"), max_length=40)
    to = models.EmailField(_("an"))
    reply_to = models.EmailField(_("Antwort an"), blank=True)
    subject = models.CharField(_("Betreff"), max_length=250)
    text = models.TextField(_("Text"))
    html = models.TextField(_("HTML"), blank=True)
    # Ends the subscription behind a mail (RFC 8058); a secret like every link in a mail.
    unsubscribe_url = models.CharField(max_length=500, blank=True)
    language = models.CharField(_("Sprache"), max_length=5, default="de")
    about_type = models.CharField(max_length=60, blank=True)
    about_id = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(_("geschrieben am"), auto_now_add=True)
    sent_at = models.DateTimeField(_("angenommen am"), null=True, blank=True)

    objects: ClassVar = MessageQuerySet.as_manager()

    class Data:
        leaves = Leaves.SECRET
        visitors_see = False
        plain = "uuid kind language about_type about_id created_at sent_at"
        personal = "to reply_to subject text html unsubscribe_url"

    class Meta:
        verbose_name = _("Mail")
        verbose_name_plural = _("Mails")
        ordering: ClassVar = ["-created_at", "-id"]
        indexes: ClassVar = [models.Index("about_type", "about_id", name="mail_about")]

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"
