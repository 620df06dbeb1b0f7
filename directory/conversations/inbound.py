"""Mails to the reply address of a conversation."""

from django_tenants.utils import tenant_context

from directory.conversations import addresses, incoming
from wiq.inbound.mailboxes import Incoming, Mailbox, Outcome, mailboxes


def receive(mail: Incoming, token: str) -> Outcome:
    """Take a mail in the district that knows its address: the one it names, else its successor."""
    for district in addresses.districts_of(token):
        with tenant_context(district):
            if addresses.by_token(token) is not None:
                return incoming.take(mail, token)
    return Outcome.IGNORED


mailboxes.register(Mailbox(addresses.PREFIX, receive))
