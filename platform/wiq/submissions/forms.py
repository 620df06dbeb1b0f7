"""One form for each kind of submission; page and API both validate with it.

It keeps the typed values and shows each error beside its field.
"""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wiq.submissions.fields import MUST, language_field

ONCE_MAX = 60


class SubmissionForm(forms.Form):
    """What every form for residents has: acknowledgement, honeypot, a way to reply."""

    language = language_field()
    privacy_acknowledged = forms.BooleanField(
        label=gettext_lazy("Ich habe die Datenschutzhinweise gelesen."),
        required=False,
        widget=forms.CheckboxInput(attrs=MUST),
    )
    # The honeypot: people don't see it, but programs fill it in.
    website = forms.CharField(
        label=gettext_lazy("Bitte leer lassen"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    # Which showing of the form was sent: a repeat of it is none (docs/decisions/0066-sent-once.md).
    once = forms.CharField(
        required=False,
        max_length=ONCE_MAX,
        widget=forms.HiddenInput(attrs={"autocomplete": "off"}),
    )
    # Programs send neither.
    ON_PAGES_ALONE: ClassVar = ("website", "once")
    # The page and the summary of errors treat these fields in their own way.
    aside: ClassVar[tuple[str, ...]] = ()

    def visible(self) -> list[forms.BoundField]:
        """Return the fields people fill in, in order."""
        hidden = (*self.ON_PAGES_ALONE, "language", *self.aside)
        return [self[name] for name in self.fields if name not in hidden]

    def typed(self) -> list[forms.BoundField]:
        """Return the visible fields without the acknowledgement, which the page shows last."""
        return [field for field in self.visible() if field.name != "privacy_acknowledged"]

    def check_together(self, data: dict[str, Any]) -> None:
        """Apply the rules that span several fields, each valid by itself.

        Raises ValidationError with a dict of field names and errors.
        """

    def clean(self) -> dict[str, Any]:
        """Require a way to reply and the acknowledgement; show each error beside its field."""
        data = self.cleaned_data
        can_be_answered = data.get("email") or data.get("phone")
        if not can_be_answered and not {"email", "phone"} & self.errors.keys():
            self.add_error(
                "email", _("Bitte geben Sie eine E-Mail-Adresse oder eine Telefonnummer an.")
            )
        if not data.get("privacy_acknowledged"):
            self.add_error(
                "privacy_acknowledged",
                _("Bitte bestätigen Sie, dass Sie die Datenschutzhinweise gelesen haben."),
            )
        if not self.errors:
            try:
                self.check_together(data)
            except ValidationError as errors:
                self.add_error(None, errors)
        return data

    def values(self) -> dict[str, Any]:
        """Return the values of a valid form under the names that the room's service expects."""
        aside = ("privacy_acknowledged", *self.ON_PAGES_ALONE)
        return {name: value for name, value in self.cleaned_data.items() if name not in aside}

    @property
    def is_suspicious(self) -> bool:
        """Tell whether the honeypot was filled in."""
        return bool(self.cleaned_data.get("website"))
