"""The form of a district at the console: its data and the available actions."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminEmailInputWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from tenants.districts import moves
from tenants.districts.models import District, State
from tenants.lifecycle import ending
from tenants.visits import support
from wiq.editing.forms import VersionedForm
from wiq.web.choices import offer


class DistrictForm(VersionedForm):
    """A district and its next state."""

    new_state = forms.ChoiceField(
        label=_("Neuer Zustand"), required=False, widget=UnfoldAdminSelectWidget
    )
    state_reason = forms.CharField(
        label=_("Grund"),
        required=False,
        max_length=500,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Die Koordination liest ihn in ihrem Protokoll."),
    )
    invite = forms.EmailField(
        label=_("Jemanden für die Koordination einladen"),
        required=False,
        widget=UnfoldAdminEmailInputWidget,
        help_text=_(
            "Auch wenn die erste Einladung verloren ging: Der neue Link ersetzt den alten."
        ),
    )
    visit_reason = forms.CharField(
        label=_("Grund des Besuchs"),
        required=False,
        max_length=200,
        widget=UnfoldAdminTextInputWidget,
        help_text=_(
            "Mit einem Grund führt „Speichern“ in das Quartier. Die Koordination sieht es."
        ),
    )
    visit_minutes = forms.ChoiceField(
        label=_("Wie lange"),
        required=False,
        choices=[(minutes, _("%d Minuten") % minutes) for minutes in support.MINUTES],
        widget=UnfoldAdminSelectWidget,
    )
    claim_domain = forms.CharField(
        label=_("Neue eigene Domain"),
        required=False,
        max_length=253,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Nach dem Speichern steht unten, welcher Eintrag im DNS sie bestätigt."),
    )
    domain_action = forms.ChoiceField(
        label=_("Mit einer Domain"),
        required=False,
        choices=[
            ("", _("nichts")),
            ("verify", _("im DNS nachsehen")),
            ("primary", _("zur Hauptadresse machen")),
            ("drop", _("aufgeben")),
        ],
        widget=UnfoldAdminSelectWidget,
    )
    domain_name = forms.ChoiceField(
        label=_("Welche Domain"), required=False, widget=UnfoldAdminSelectWidget
    )
    remove_host = forms.CharField(
        label=_("Zum Entfernen die ganze Adresse eintippen"),
        required=False,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
        help_text=_("Das Quartier wird archiviert und nach 30 Tagen mit allem entfernt."),
    )
    call_off = forms.BooleanField(
        label=_("Doch nicht entfernen"), required=False, widget=UnfoldBooleanSwitchWidget
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wished = moves.MOVES.get(self.instance.state, ())
        choices = [(move.value, move.label) for move in wished]
        offer(self, "new_state", [("", _("bleibt, wie er ist")), *choices])

        named = [(row.pk, row.domain) for row in self.instance.domains.order_by("pk")]
        offer(self, "domain_name", [("", "–"), *named])

    def clean_new_state(self) -> str:
        """Show beside the field what is still missing to publish."""
        state: str = self.cleaned_data["new_state"]
        stored = District.objects.select_related("operator").get(pk=self.instance.pk)
        if state == State.PUBLISHED:
            missing = moves.gaps_before_publication(stored)
            if missing:
                raise ValidationError([gap.words for gap in missing])
        return state

    def clean_remove_host(self) -> str:
        """Refuse any host but the district's own."""
        typed: str = self.cleaned_data["remove_host"]
        if typed:
            ending.check_host(self.instance, typed)
        return typed
