"""The states of a solution team and what each of them means to a resident."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TeamState(models.TextChoices):
    """The state of a solution team: a draft, or one of five public states."""

    DRAFT = "draft", _("Entwurf")
    RUNNING = "running", _("läuft")
    OPERATING = "operating", _("im Betrieb")
    PAUSED = "paused", _("pausiert")
    COMPLETED = "completed", _("abgeschlossen")
    SELF_SUSTAINING = "self_sustaining", _("selbsttragende Struktur")


PUBLIC_STATES = tuple(state for state in TeamState if state != TeamState.DRAFT)
# In these states, the contact is asked twice a year whether the page is still right.
ASKED_STATES = (TeamState.RUNNING, TeamState.OPERATING, TeamState.PAUSED)
EXPLANATIONS = {
    TeamState.RUNNING: _("Das Team arbeitet an seiner Lösung, „Wir im Quartier“ hilft dabei."),
    TeamState.OPERATING: _("Das Ergebnis ist da und kann genutzt werden."),
    TeamState.PAUSED: _("Gerade treibt es niemand voran. Wer mag, ist willkommen."),
    TeamState.COMPLETED: _("Die Arbeit ist getan."),
    TeamState.SELF_SUSTAINING: _("Das Team ist eine eigene Organisation und macht dort weiter."),
}
