"""The rules for ideas, besides those for all submissions."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from directory.ideas.models import PLACE_MAX, TITLE_MAX, Help
from wiq.submissions.rules import check_line, check_message


def check_title(text: str) -> str:
    """Return the cleaned title. Raises ValidationError."""
    title = check_line(text, TITLE_MAX)
    if not title:
        raise ValidationError(_("Bitte sagen Sie in ein paar Worten, worum es geht."))
    return title


def check_description(text: str) -> str:
    """Return the cleaned text of the idea. Raises ValidationError."""
    if not text.strip():
        raise ValidationError(_("Bitte erzählen Sie uns von Ihrer Idee."))
    return check_message(text)


def check_place(text: str) -> str:
    """Return the cleaned place, which may be empty. Raises ValidationError."""
    return check_line(text, PLACE_MAX)


def check_help(answer: str) -> str:
    """Return whether somebody wants to take part; "perhaps" if empty. Raises ValidationError."""
    if answer not in ("", *Help.values):
        raise ValidationError(_("Bitte wählen Sie eine der Antworten."))
    return answer or Help.MAYBE.value
