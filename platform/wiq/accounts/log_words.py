"""How the log reads what happens to accounts and invitations."""

from django.utils.translation import gettext_lazy as _

from wiq.audit.words import Sentence, say

say(
    Sentence("account.created", _("%(what)s ist angelegt, Rolle: %(role)s.")),
    Sentence("account.changed", _("%(who)s hat %(what)s geändert. Rolle: %(role)s, aktiv: %(is_active)s.")),
    Sentence("account.removed", _("%(who)s hat %(what)s gelöscht.")),
    Sentence("account.password_set", _("%(who)s hat ein neues Passwort für %(what)s gesetzt.")),
    Sentence("account.factor_reset", _("%(who)s hat den zweiten Schritt beim Anmelden zurückgesetzt: %(what)s.")),
    Sentence("account.sessions_ended", _("%(who)s hat andere Geräte abgemeldet.")),
    Sentence("account.keys", _("%(who)s hat die Tasten der Koordination ein- oder ausgeschaltet.")),
    Sentence("account.signed_in", _("%(who)s hat sich angemeldet.")),
    Sentence("account.refused", _("%(who)s hat vergeblich versucht, sich anzumelden: %(what)s."), _("ohne ein Konto")),
    Sentence("invitation.sent", _("%(who)s hat %(what)s verschickt, Rolle: %(role)s.")),
    Sentence("invitation.resent", _("%(who)s hat für %(what)s einen neuen Link geschickt.")),
    Sentence("invitation.revoked", _("%(who)s hat %(what)s zurückgenommen.")),
    Sentence("invitation.accepted", _("%(who)s hat %(what)s angenommen.")),
    Sentence("token.created", _("%(who)s hat einen Schlüssel für Programme angelegt.")),
    Sentence("token.revoked", _("%(who)s hat einen Schlüssel für Programme gelöscht: %(what)s.")),
    Sentence("token.all_ended", _("Alle Schlüssel für Programme sind beendet: %(what)s.")),
)  # fmt: skip
