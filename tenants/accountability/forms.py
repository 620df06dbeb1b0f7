"""The form under a document: who signed it, and when."""

from django import forms
from django.core.validators import MinLengthValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class SignatureForm(forms.Form):
    """Who signed, when, and the mark of the text that was read."""

    signed_by = forms.CharField(
        label=_("Wer hat unterschrieben?"),
        max_length=200,
        validators=[MinLengthValidator(2)],
        help_text=_("Name und Funktion, zum Beispiel: Kim Beispiel, Vorstand."),
    )
    signed_on = forms.DateField(
        label=_("Wann?"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    # What stands on the page that is sent: signed is what was read.
    mark = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def clean_signed_on(self) -> object:
        """Refuse a day to come."""
        day = self.cleaned_data["signed_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("Dieser Tag kommt erst noch."))
        return day
