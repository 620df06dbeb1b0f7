"""The holding pen's rows: mails to a reply address that joined nothing by themselves."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wiq.declared import Leaves


class HeldReason(models.TextChoices):
    """Why a mail to a reply address joined nothing."""

    STRANGER = "stranger", _("Die Absenderadresse gehört nicht zu dieser Anfrage.")
    UNPROVEN = "unproven", _("Es ist nicht sicher, dass die E-Mail wirklich von dort kommt.")
    FORGOTTEN = "forgotten", _("Die Angaben zu dieser Anfrage sind gelöscht.")
    CLOSED = "closed", _("Hier lässt sich gerade keine Antwort eintragen.")
    MANY = "many", _("Zu dieser Anfrage kamen sehr viele E-Mails in kurzer Zeit.")


class HeldMail(models.Model):
    """The holding pen: a mail to a reply address that waits for somebody to look at it."""

    conversation = models.ForeignKey(
        "conversations.Conversation", models.CASCADE, related_name="held",
        verbose_name=_("Verlauf"),
    )  # fmt: skip
    sender = models.EmailField(_("von"))
    text = models.TextField(_("Text"), blank=True)
    quoted = models.TextField(_("zitiert"), blank=True)
    reason = models.CharField(_("warum"), max_length=10, choices=HeldReason)
    mail_digest = models.CharField(max_length=64, editable=False)
    at = models.DateTimeField(_("gekommen am"), default=timezone.now)
    done_at = models.DateTimeField(_("erledigt am"), null=True, blank=True)

    class Data:
        leaves = Leaves.NEVER
        visitors_see = False
        plain = "conversation reason at done_at"
        personal = "sender text quoted"
        secrets = "mail_digest"

    class Meta:
        verbose_name = _("zurückgehaltene E-Mail")
        verbose_name_plural = _("zurückgehaltene E-Mails")
        ordering: ClassVar = ["at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["conversation", "mail_digest"], name="held_mail_once"),
        ]

    def __str__(self) -> str:
        return f"{self.sender} {self.at:%Y-%m-%d}"
