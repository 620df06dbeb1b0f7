"""The contact form, which keeps what was typed and says beside each field what to mend."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from directory.contact.models import MESSAGE_MAX
from directory.contact.rules import NAME_MAX, PHONE_MAX, Checked, Submission, check
from directory.people.models import Team


class ContactForm(forms.Form):
    """What a resident fills in. The rules are ``directory.contact.rules``, as for the API.

    No field is ``required`` in Django's sense: the rules say what is missing, in one place.
    """

    team = forms.CharField(
        label=_("An wen möchten Sie schreiben?"),
        required=False,
        help_text=_("Sie sind nicht sicher? Dann lassen Sie das Unterstützungsteam stehen."),
        widget=forms.Select,
    )
    name = forms.CharField(
        label=_("Ihr Name"),
        required=False,
        strip=False,
        widget=forms.TextInput(
            attrs={"autocomplete": "name", "maxlength": NAME_MAX, "aria-required": "true"}
        ),
    )
    email = forms.CharField(
        label=_("Ihre E-Mail-Adresse"),
        required=False,
        help_text=_("Oder Ihre Telefonnummer, wie es Ihnen lieber ist."),
        widget=forms.TextInput(
            attrs={"autocomplete": "email", "inputmode": "email", "spellcheck": "false"}
        ),
    )
    phone = forms.CharField(
        label=_("Ihre Telefonnummer"),
        required=False,
        widget=forms.TextInput(
            attrs={"autocomplete": "tel", "inputmode": "tel", "maxlength": PHONE_MAX}
        ),
    )
    message = forms.CharField(
        label=_("Ihre Nachricht"),
        required=False,
        strip=False,
        help_text=_("Was möchten Sie fragen oder erzählen? Ein paar Sätze genügen."),
        widget=forms.Textarea(
            attrs={"rows": 8, "data-limit": MESSAGE_MAX, "aria-required": "true"}
        ),
    )
    privacy_acknowledged = forms.BooleanField(
        label=_("Ich habe die Datenschutzhinweise gelesen."),
        required=False,
        widget=forms.CheckboxInput(attrs={"aria-required": "true"}),
    )
    # The honeypot: people don't see it, programs fill it in.
    website = forms.CharField(
        label=_("Bitte leer lassen"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, *args: Any, teams: list[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.checked: Checked | None = None
        select = self.fields["team"].widget
        assert isinstance(select, forms.Select)
        select.choices = [(team.slug, _choice(team)) for team in teams]

    def visible(self) -> list[forms.BoundField]:
        """Return the fields people fill in, in order."""
        return [self[name] for name in self.fields if name != "website"]

    def clean(self) -> dict[str, Any]:
        """Apply the rules and put each error beside its field."""
        data = self.cleaned_data
        submission = Submission(
            name=data.get("name", ""),
            email=data.get("email", ""),
            phone=data.get("phone", ""),
            message=data.get("message", ""),
            privacy_acknowledged=data.get("privacy_acknowledged", False),
            team=data.get("team", ""),
            language=get_language() or "de",
        )
        try:
            self.checked = check(submission)
        except ValidationError as errors:
            for field, problems in errors.error_dict.items():
                if field not in self.errors:
                    self.add_error(field, problems)
        return data

    @property
    def is_spam(self) -> bool:
        """Tell whether the honeypot was filled in."""
        return bool(self.cleaned_data.get("website"))


def _choice(team: Team) -> str:
    """Return a team's name; beside the German one, others need the word for its kind."""
    return team.name if get_language() == "de" else f"{team.get_kind_display()} ({team.name})"
