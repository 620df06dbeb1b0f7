"""Admin pages that both sites share: accounts, invitations and the audit log."""

from wiq.backoffice.admin.accounts import InvitationAdmin, UserAdmin
from wiq.backoffice.admin.audit import EntryAdmin

__all__ = ["EntryAdmin", "InvitationAdmin", "UserAdmin"]
