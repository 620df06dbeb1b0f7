"""Admin pages that both sites share: accounts, invitations, mails and the audit log."""

from wiq.backoffice.admin.accounts import InvitationAdmin, UserAdmin
from wiq.backoffice.admin.audit import EntryAdmin
from wiq.backoffice.admin.mails import MessageAdmin

__all__ = ["EntryAdmin", "InvitationAdmin", "MessageAdmin", "UserAdmin"]
