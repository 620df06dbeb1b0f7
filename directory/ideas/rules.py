"""What an idea must be like: one set of rules for the form and the API."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from directory.ideas.models import PLACE_MAX, TITLE_MAX, Help
from wiq.submissions.rules import (
    check_all,
    check_email,
    check_language,
    check_line,
    check_message,
    check_name,
    check_phone,
)


@dataclass(frozen=True)
class NewIdea:
    """What somebody sent, before anybody judged it."""

    title: str
    description: str
    name: str
    email: str
    phone: str
    privacy_acknowledged: bool
    place: str = ""
    wants_to_help: str = Help.MAYBE.value
    language: str = "de"


@dataclass(frozen=True)
class Checked:
    """An idea that keeps the rules, tidied."""

    title: str
    description: str
    place: str
    wants_to_help: str
    name: str
    email: str
    phone: str
    language: str


def check_title(text: str) -> str:
    """Return a tidied title. Raises ValidationError."""
    title = check_line(text, TITLE_MAX)
    if not title:
        raise ValidationError(_("Bitte sagen Sie in ein paar Worten, worum es geht."))
    return title


def check_description(text: str) -> str:
    """Return the idea itself, tidied. Raises ValidationError."""
    if not text.strip():
        raise ValidationError(_("Bitte erzählen Sie uns von Ihrer Idee."))
    return check_message(text)


def check_place(text: str) -> str:
    """Return a tidied place, which may be empty. Raises ValidationError."""
    return check_line(text, PLACE_MAX)


def check_help(answer: str) -> str:
    """Return whether somebody wants to take part. Raises ValidationError."""
    if answer not in Help.values:
        raise ValidationError(_("Bitte wählen Sie eine der Antworten."))
    return answer


def check(sent: NewIdea) -> Checked:
    """Return a tidied idea.

    Raises ValidationError with a dict: each field's name and what to mend there.
    """
    found = check_all(
        (
            ("title", check_title, sent.title),
            ("description", check_description, sent.description),
            ("place", check_place, sent.place),
            ("wants_to_help", check_help, sent.wants_to_help),
            ("name", check_name, sent.name),
            ("email", check_email, sent.email),
            ("phone", check_phone, sent.phone),
        ),
        privacy_acknowledged=sent.privacy_acknowledged,
    )
    return Checked(language=check_language(sent.language), **found)
