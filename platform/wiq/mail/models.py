"""The content of mails, in the schema of the sender."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from wiq.declared import Leaves
from wiq.mail_addresses import is_at


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

    # When it last came back after the mail server had taken it; then ``sent_at`` is empty again.
    returned_at = models.DateTimeField(_("zurückgekommen am"), null=True, blank=True)

    objects: ClassVar = MessageQuerySet.as_manager()

    class Data:
        leaves = Leaves.SECRET
        visitors_see = False
        plain = "uuid kind language about_type about_id created_at sent_at"
        personal = "to reply_to subject text html unsubscribe_url"
        # Never in a district's file: elsewhere its return paths lead nowhere.
        derived = "returned_at"

    class Meta:
        verbose_name = _("E-Mail")
        verbose_name_plural = _("E-Mails")
        ordering: ClassVar = ["-created_at", "-id"]
        indexes: ClassVar = [models.Index("about_type", "about_id", name="mail_about")]

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"


class RefusedAddressQuerySet(models.QuerySet["RefusedAddress"]):
    """Finds addresses to which mails don't get through."""

    def of(self, address: str) -> "RefusedAddressQuerySet":
        """Return the row about one mailbox, however its address is written."""
        return self.filter(is_at("address", address))

    def marked(self) -> "RefusedAddressQuerySet":
        """Return those to which nothing is sent until somebody looks after them."""
        return self.filter(marked_at__isnull=False)


class RefusedAddress(models.Model):
    """An address from which mails of ours came back, and whether we still write to it."""

    address = models.EmailField(_("Adresse"), unique=True)
    hard = models.PositiveIntegerField(_("endgültig abgelehnt"), default=0)
    soft = models.PositiveIntegerField(_("nicht angekommen"), default=0)
    # The reason in our words and the server's own, without addresses.
    reason = models.CharField(max_length=120, blank=True)
    words = models.CharField(_("Antwort des Mailservers"), max_length=250, blank=True)
    last_at = models.DateTimeField(_("zuletzt"), auto_now=True)
    marked_at = models.DateTimeField(_("ausgesetzt seit"), null=True, blank=True)
    # Its owner called a mail of ours spam: it gets no news any more.
    complained_at = models.DateTimeField(_("als Spam gemeldet am"), null=True, blank=True)

    objects: ClassVar = RefusedAddressQuerySet.as_manager()

    class Data:
        leaves = Leaves.NEVER
        visitors_see = False
        plain = "hard soft reason words last_at marked_at complained_at"
        personal = "address"

    class Meta:
        verbose_name = _("Adresse, an die nichts ankommt")
        verbose_name_plural = _("Adressen, an die nichts ankommt")
        ordering: ClassVar = ["-marked_at"]

    def __str__(self) -> str:
        return self.address
