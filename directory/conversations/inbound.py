"""Mails to the reply address of a conversation."""

from django_tenants.utils import tenant_context

from directory.conversations import addresses, incoming
from wiq.inbound.mailboxes import Incoming, Mailbox, Outcome, mailboxes


def receive(mail: Incoming, token: str) -> Outcome:
    """Take a mail in the district that its address names."""
    district = addresses.district_of(token)
    if district is None:
        return Outcome.IGNORED
    with tenant_context(district):
        return incoming.take(mail, token)


mailboxes.register(Mailbox(addresses.PREFIX, receive))
