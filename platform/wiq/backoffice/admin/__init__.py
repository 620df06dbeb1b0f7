"""Admin pages that both sites share: accounts, invitations, tokens, mails and the audit log."""

from wiq.backoffice.admin.accounts import InvitationAdmin, UserAdmin
from wiq.backoffice.admin.audit import EntryAdmin
from wiq.backoffice.admin.mails import MessageAdmin
from wiq.backoffice.admin.refused import RefusedAddressAdmin
from wiq.backoffice.admin.tokens import ApiTokenAdmin

__all__ = [
    "ApiTokenAdmin",
    "EntryAdmin",
    "InvitationAdmin",
    "MessageAdmin",
    "RefusedAddressAdmin",
    "UserAdmin",
]
