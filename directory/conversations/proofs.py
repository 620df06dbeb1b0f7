"""Codes with which residents prove that they read the mailbox of their request or idea."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from wiq.declared import Leaves
from wiq.signing.mailed_codes import MailedCode


class ResidentCode(MailedCode):
    """A code that was mailed to a resident, who then reads what was written."""

    conversation = models.ForeignKey(
        "conversations.Conversation", models.CASCADE, related_name="resident_codes"
    )

    class Data:
        leaves = Leaves.NEVER
        visitors_see = False
        plain = "conversation attempts created_at used_at"
        secrets = "code_hash"

    class Meta:
        verbose_name = _("Code für eine Statusseite")
        verbose_name_plural = _("Codes für Statusseiten")

    def __str__(self) -> str:
        return f"{self.conversation_id}"
