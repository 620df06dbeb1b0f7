"""The form for following: an address and the acknowledgement."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from wiq.submissions import fields
from wiq.submissions.forms import SubmissionForm
from wiq.submissions.rules import check_email


def check_needed_email(text: str) -> str:
    """Return the cleaned address for the news. Raises ValidationError."""
    email = check_email(text)
    if not email:
        raise ValidationError(_("Bitte geben Sie Ihre E-Mail-Adresse an."))
    return email


class SubscriptionForm(SubmissionForm):
    """The form to subscribe to the news."""

    email = fields.email_field(
        check_needed_email,
        help_text="",
        widget=forms.TextInput(
            attrs={"autocomplete": "email", "inputmode": "email", "spellcheck": "false"}
            | fields.MUST
        ),
    )
    loesungsteam = forms.CharField(required=False, widget=forms.HiddenInput)
    field_order = ("email", "privacy_acknowledged")
    aside = ("loesungsteam",)
