"""Forms for residents: they keep what was typed and say beside each field what to mend."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from wiq.submissions.rules import MESSAGE_MAX, NAME_MAX, PHONE_MAX

MUST: dict[str, Any] = {"aria-required": "true"}


def line(longest: int, **attrs: Any) -> forms.TextInput:
    """Return the input for one line of text."""
    return forms.TextInput(attrs={"maxlength": longest, **attrs})


def name_field() -> forms.CharField:
    """Return the field for whoever writes."""
    return forms.CharField(
        label=_("Ihr Name"),
        required=False,
        strip=False,
        widget=line(NAME_MAX, autocomplete="name", **MUST),
    )


def email_field() -> forms.CharField:
    """Return the field for an e-mail address, which a phone number may stand in for."""
    return forms.CharField(
        label=_("Ihre E-Mail-Adresse"),
        required=False,
        help_text=_("Oder Ihre Telefonnummer, wie es Ihnen lieber ist."),
        widget=forms.TextInput(
            attrs={"autocomplete": "email", "inputmode": "email", "spellcheck": "false"}
        ),
    )


def phone_field() -> forms.CharField:
    """Return the field for a phone number."""
    return forms.CharField(
        label=_("Ihre Telefonnummer"),
        required=False,
        widget=line(PHONE_MAX, autocomplete="tel", inputmode="tel"),
    )


def text_field(label: Any, help_text: Any = "", rows: int = 8, **attrs: Any) -> forms.CharField:
    """Return the field for some sentences."""
    return forms.CharField(
        label=label,
        required=False,
        strip=False,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows, "data-limit": MESSAGE_MAX, **attrs}),
    )


class SubmissionForm(forms.Form):
    """The end of every form for residents: acknowledgement and honeypot.

    No field is ``required`` in Django's sense: the rules say what is missing, in one place.
    """

    privacy_acknowledged = forms.BooleanField(
        label=_("Ich habe die Datenschutzhinweise gelesen."),
        required=False,
        widget=forms.CheckboxInput(attrs=MUST),
    )
    # The honeypot: people don't see it, programs fill it in.
    website = forms.CharField(
        label=_("Bitte leer lassen"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    # What the summary of errors and the page show otherwise or not at all.
    aside: tuple[str, ...] = ()

    def visible(self) -> list[forms.BoundField]:
        """Return the fields people fill in, in order."""
        hidden = ("website", *self.aside)
        return [self[name] for name in self.fields if name not in hidden]

    def typed(self) -> list[forms.BoundField]:
        """Return the visible fields without the acknowledgement, which stands at the end."""
        return [field for field in self.visible() if field.name != "privacy_acknowledged"]

    def check(self) -> None:
        """Apply the rules to what was typed. Raises ValidationError with a dict."""
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        """Apply the rules and put each error beside its field."""
        try:
            self.check()
        except ValidationError as errors:
            for field, problems in errors.error_dict.items():
                if field not in self.errors:
                    self.add_error(field, problems)
        return self.cleaned_data

    def value(self, name: str) -> str:
        """Return what was typed into a field, as far as it could be read."""
        return str(self.cleaned_data.get(name) or "")

    @property
    def is_acknowledged(self) -> bool:
        return bool(self.cleaned_data.get("privacy_acknowledged"))

    @property
    def is_spam(self) -> bool:
        """Tell whether the honeypot was filled in."""
        return bool(self.cleaned_data.get("website"))
