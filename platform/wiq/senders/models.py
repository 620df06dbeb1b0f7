"""Senders of districts' own: an address of a domain that the district has proven."""

import secrets
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from wiq.database.owned import OwnedRow
from wiq.declared import Leaves
from wiq.mail_addresses import parts

# Answers and returned mails come to a subdomain, so that the domain's own mail stays where it is.
REPLIES = "antwort"


def new_proof() -> str:
    """Return the secret part of the record that proves a domain."""
    return secrets.token_urlsafe(24)


class SenderQuerySet(models.QuerySet["Sender"]):
    """Queries on senders."""

    def usable(self) -> "SenderQuerySet":
        """Return those under which mails go out."""
        return self.filter(is_usable=True)


class Sender(OwnedRow):
    """From which address a district writes, and what the DNS says of its domain."""

    district_id = models.BigIntegerField(unique=True)
    name = models.CharField(_("Name"), max_length=120)
    address = models.EmailField(_("Adresse"))
    # Which of the domain's keys the relay signs with (RFC 6376, 3.1).
    selector = models.CharField(_("DKIM-Selektor"), max_length=63)
    proof = models.CharField(max_length=32, default=new_proof, editable=False)
    # What the DNS said last (wiq.senders.facts), and when.
    facts = models.JSONField(default=dict, blank=True)
    checked_at = models.DateTimeField(_("geprüft am"), null=True, blank=True)
    # Whether mails go out under it; otherwise under the platform's sender.
    is_usable = models.BooleanField(default=False)
    # Whether answers and returned mails come to its own subdomain.
    replies_here = models.BooleanField(default=False)
    # What the mail server had against it, without addresses; a check does not know it.
    refused = models.CharField(max_length=250, blank=True)

    objects: ClassVar = SenderQuerySet.as_manager()

    class Data:
        leaves = Leaves.NEVER
        moves_along = True
        visitors_see = False
        plain = "district_id name address selector facts checked_at is_usable replies_here refused owner"
        secrets = "proof"

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>"

    @property
    def domain(self) -> str:
        """The domain that has to be proven."""
        return parts(self.address)[1]

    @property
    def reply_domain(self) -> str:
        """Where answers and returned mails come to, if its mail servers are ours."""
        return f"{REPLIES}.{self.domain}"
