"""The form fields for submissions: one rule cleans and checks each, on pages and in the API."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from wiq.submissions.rules import (
    MESSAGE_MAX,
    NAME_MAX,
    PHONE_MAX,
    check_email,
    check_language,
    check_message,
    check_name,
    check_phone,
)

MUST: dict[str, Any] = {"aria-required": "true"}
PHONE_LABEL = _("Ihre Telefonnummer")
LENGTH = f"10 to {MESSAGE_MAX} characters"


class Judged(forms.CharField):
    """A text whose rule returns the cleaned value, or raises what to correct.

    No field is ``required`` in Django's sense: the rule alone says what is missing.
    ``must_be_sent``: a program may not leave it out. ``told``: its description in the API's
    document.
    """

    def __init__(
        self,
        rule: Callable[[str], Any],
        *,
        must_be_sent: bool = False,
        told: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(required=False, strip=False, **kwargs)
        self.rule, self.must_be_sent, self.told = rule, must_be_sent, told

    def clean(self, value: Any) -> Any:
        """Return the value as the rule cleans it. Raises ValidationError."""
        return self.rule(str(value or ""))


class OneOf(Judged):
    """One of a few words, which the API's document lists."""

    def __init__(self, rule: Callable[[str], Any], words: list[str], **kwargs: Any) -> None:
        super().__init__(rule, **kwargs)
        self.words = words


def line(longest: int, **attrs: Any) -> forms.TextInput:
    """Return the input for one line of text."""
    return forms.TextInput(attrs={"maxlength": longest, **attrs})


def name_field() -> Judged:
    """Return the field for the sender's name."""
    return Judged(
        check_name,
        label=_("Ihr Name"),
        must_be_sent=True,
        widget=line(NAME_MAX, autocomplete="name", **MUST),
    )


def email_field(rule: Callable[[str], str] = check_email, **kwargs: Any) -> Judged:
    """Return the field for an e-mail address; a phone number may replace it."""
    attrs = {"autocomplete": "email", "inputmode": "email", "spellcheck": "false"}
    given: dict[str, Any] = {
        "label": _("Ihre E-Mail-Adresse"),
        "help_text": _("Oder Ihre Telefonnummer, wie es Ihnen lieber ist."),
        "widget": forms.TextInput(attrs=attrs),
    }
    return Judged(rule, **given | kwargs)


def phone_field(help_text: Any = "") -> Judged:
    """Return the field for a phone number."""
    widget = line(PHONE_MAX, autocomplete="tel", inputmode="tel")
    return Judged(check_phone, label=PHONE_LABEL, help_text=help_text, widget=widget)


def text_field(
    label: Any, help_text: Any = "", rule: Callable[[str], str] = check_message
) -> Judged:
    """Return the required field for a few sentences."""
    return Judged(
        rule,
        label=label,
        help_text=help_text,
        must_be_sent=True,
        told=LENGTH,
        widget=forms.Textarea(attrs={"rows": 8, "data-limit": MESSAGE_MAX, **MUST}),
    )


def language_field() -> OneOf:
    """Return the field for the language of mails, by default that of the page."""
    return OneOf(
        lambda word: check_language(word or get_language() or "de"),
        ["de", "en"],
        initial="de",
        widget=forms.HiddenInput,
    )
