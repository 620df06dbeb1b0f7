"""What is typed for the acts of a district's page at the console."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminDateWidget,
    UnfoldAdminEmailInputWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from directory.people.dates import today
from tenants.visits import support

A_WEEK = timedelta(days=7)


class StateForm(forms.Form):
    """Why a district gets another state."""

    reason = forms.CharField(
        label=_("Grund"),
        required=False,
        max_length=500,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Die Koordination liest den Grund in ihrem Protokoll."),
    )


class InviteForm(forms.Form):
    """Whom to invite."""

    email = forms.EmailField(
        label=_("E-Mail-Adresse"),
        widget=UnfoldAdminEmailInputWidget,
        help_text=_(
            "Auch wenn die erste Einladung verloren ging: Der neue Link ersetzt den alten."
        ),
    )


class ClaimForm(forms.Form):
    """A domain that the district wants to have."""

    host = forms.CharField(
        label=_("Neue eigene Domain"),
        max_length=253,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Danach steht hier, welcher Eintrag im DNS sie bestätigt."),
    )


class VisitForm(forms.Form):
    """Why somebody enters a district, and for how long."""

    reason = forms.CharField(
        label=_("Grund des Besuchs"),
        required=False,
        max_length=200,
        widget=UnfoldAdminTextInputWidget,
        help_text=_(
            "Die Koordination sieht den Grund, solange Sie da sind. Er steht auch in ihrem Protokoll."
        ),
    )
    minutes = forms.TypedChoiceField(
        label=_("Wie lange"),
        coerce=int,
        choices=[(minutes, _("%d Minuten") % minutes) for minutes in support.MINUTES],
        widget=UnfoldAdminSelectWidget,
    )


class RemoveForm(forms.Form):
    """The district's host, typed as a confirmation."""

    host = forms.CharField(
        label=_("Zum Entfernen die ganze Adresse eintippen"),
        required=False,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
        help_text=_("Das Quartier wird archiviert und nach 30 Tagen mit allem entfernt."),
    )


class PutOffForm(forms.Form):
    """Until when an alarm may wait."""

    until = forms.DateField(label=_("Zurückstellen bis"), required=False,
                            widget=UnfoldAdminDateWidget)  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["until"].initial = today() + A_WEEK
