"""The forms that accept an invitation and ask for a new password."""

from typing import Any

from allauth.account.forms import ResetPasswordForm
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from wiq.accounts import resets
from wiq.accounts.models import User


class AcceptForm(forms.Form):
    """Name and password of a new account."""

    name = forms.CharField(
        label=_("Ihr Name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Bitte geben Sie Ihren Namen an.")},
    )
    password = forms.CharField(
        label=_("Ihr Passwort"),
        strip=False,
        help_text=_(
            "Mindestens 12 Zeichen. Ein ganzer Satz ist leicht zu merken und schwer zu raten."
        ),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=True),
        error_messages={"required": _("Bitte wählen Sie ein Passwort.")},
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean_password(self) -> str:
        """Apply the rules for passwords."""
        password: str = self.cleaned_data["password"]
        if "\x00" in password:
            raise ValidationError(_("Dieses Zeichen geht in einem Passwort nicht."))
        validate_password(password, User(email=self.email))
        return password

    def visible(self) -> list[forms.BoundField]:
        """Return the fields people fill in, in order."""
        return [self[name] for name in self.fields]

    aside: tuple[str, ...] = ()


class ForgottenForm(ResetPasswordForm):
    """The address of whoever has forgotten a password: the page takes all addresses alike."""

    def clean_email(self) -> str:
        """Take any address; whether it has an account is not looked up here."""
        return str(self.cleaned_data["email"]).lower()

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Let the worker mail the link."""
        email: str = self.cleaned_data["email"]
        resets.ask(email, get_language() or "de")
        return email
