"""The form for following: an address and the acknowledgement."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wiq.submissions import forms as fields
from wiq.submissions.rules import check_email


class SubscriptionForm(fields.SubmissionForm):
    """What somebody fills in to be told what is new."""

    email = forms.CharField(
        label=gettext_lazy("Ihre E-Mail-Adresse"),
        required=False,
        widget=forms.TextInput(
            attrs={"autocomplete": "email", "inputmode": "email", "spellcheck": "false"}
            | fields.MUST
        ),
    )
    loesungsteam = forms.CharField(required=False, widget=forms.HiddenInput)
    field_order = ("email", "privacy_acknowledged")
    aside = ("loesungsteam",)

    def check(self) -> None:
        """Ask for an address and the acknowledgement. Raises ValidationError."""
        errors: dict[str, Any] = {}
        try:
            self.address = check_email(self.value("email"))
            if not self.address:
                raise ValidationError(_("Bitte geben Sie Ihre E-Mail-Adresse an."))
        except ValidationError as error:
            errors["email"] = error
        if not self.is_acknowledged:
            errors["privacy_acknowledged"] = ValidationError(
                _("Bitte bestätigen Sie, dass Sie die Datenschutzhinweise gelesen haben.")
            )
        if errors:
            raise ValidationError(errors)
