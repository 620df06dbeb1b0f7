"""The forms that accept an invitation, ask for a new password, and take a code."""

from typing import Any

from allauth.account.forms import ResetPasswordForm
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import (
    AuthenticateForm,
    BaseAuthenticateForm,
    ReauthenticateForm,
)
from allauth.mfa.models import Authenticator
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from wiq.accounts import resets
from wiq.accounts.models import User

# Seconds for which an app shows one code (RFC 6238, 4.1).
PERIOD = 30


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


class CodeOnce(BaseAuthenticateForm):
    """The code of an app, taken once: also after half a minute, while its window is still open."""

    def clean_code(self) -> str:
        """Take a right code. Raises ValidationError for one that was used in this window."""
        code: str = super().clean_code()
        if self.authenticator.type == Authenticator.Type.TOTP:
            digits = "".join(sign for sign in code if sign.isdecimal())
            # allauth remembers a code for one period, but takes it for three of them.
            periods = 2 * settings.MFA_TOTP_TOLERANCE + 1
            key = f"accounts.code_used.{self.user.pk}.{digits}"
            if not cache.add(key, 1, timeout=periods * PERIOD):
                raise get_adapter().validation_error("incorrect_code")
        return code


class CodeForm(CodeOnce, AuthenticateForm):
    """The second step of signing in."""


class CodeAgainForm(CodeOnce, ReauthenticateForm):
    """The second step, asked again before a sensitive change."""
