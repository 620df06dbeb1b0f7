"""The rules for what residents type: the same for every form and the API."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from wiq.mail.relay import takes_every_letter
from wiq.mail_addresses import (
    LOCAL_MAX,
    for_sending,
    parts,
    reaches_everybody,
    tidied,
    unwrapped,
)
from wiq.typed import line, paragraphs, without_control_characters

NAME_MAX, PHONE_MAX, EMAIL_MAX = 120, 40, 254
MESSAGE_MIN, MESSAGE_MAX = 10, 5000
ANSWER_MIN = 2
NOTE_MAX = 4000
LANGUAGES = ("de", "en")
_PHONE = re.compile(r"^\+?[0-9()/. \-\u2010-\u2015\u2212]+$")
# What stands before a number in a link (RFC 3966), on a card or in a signature.
_BEFORE_A_PHONE = re.compile(r"^(tel(efon)?|fon|phone|mobil|handy)\b\s*[.:]*\s*", re.IGNORECASE)
# A message may hold line breaks and tabs, but no other control characters.
_IN_A_MESSAGE = "\n\t"


def control_characters(text: str, allowed: str = "") -> bool:
    """Tell whether a text holds control characters or half a surrogate pair."""
    return any(
        unicodedata.category(character) in ("Cc", "Cs") and character not in allowed
        for character in text
    )


def check_name(text: str) -> str:
    """Return the cleaned name. Raises ValidationError."""
    text = line(text)
    if control_characters(text):
        raise ValidationError(_("Der Name darf keine Zeilenumbrüche oder Steuerzeichen enthalten."))
    name = " ".join(text.split())
    if not name:
        raise ValidationError(_("Bitte geben Sie Ihren Namen an."))
    if len(name) > NAME_MAX:
        raise ValidationError(_("Der Name ist zu lang: höchstens %d Zeichen.") % NAME_MAX)
    return name


def check_email(text: str) -> str:
    """Return the cleaned address, which may be empty. Raises ValidationError."""
    text = line(text)
    if any(unicodedata.category(c) in ("Cc", "Cs", "Cn", "Co") for c in text.strip()):
        raise ValidationError(_not_an_address())
    email = tidied(unwrapped(text))
    if not email:
        return ""
    if email.count("@") > 1 or re.search(r"[,;]", email):
        raise ValidationError(_("Bitte geben Sie nur eine E-Mail-Adresse an."))
    if re.search(r"\s", email):
        raise ValidationError(_("In einer E-Mail-Adresse steht kein Leerzeichen."))
    local, _domain = parts(email)
    if len(local.encode()) > LOCAL_MAX:
        raise ValidationError(
            _("Vor dem @ ist diese Adresse zu lang: höchstens %d Zeichen.") % LOCAL_MAX
        )
    try:
        sent = for_sending(email)
        # Django's rule knows ASCII alone; which other letters may stand there is RFC 6531, 3.3.
        validate_email("".join(c if c.isascii() else "x" for c in sent))
    except (ValidationError, UnicodeError):
        raise ValidationError(_not_an_address()) from None
    if not reaches_everybody(email) and not takes_every_letter():
        raise ValidationError(
            _("Vor dem @ stehen Zeichen, zum Beispiel Umlaute, mit denen unser Mailserver nicht umgehen kann. Bitte geben Sie eine andere Adresse oder Ihre Telefonnummer an.")
        )  # fmt: skip
    if len(email) > EMAIL_MAX or len(sent) > EMAIL_MAX:
        raise ValidationError(_("Diese E-Mail-Adresse ist zu lang."))
    return email


def _not_an_address() -> str:
    message = _("Diese E-Mail-Adresse stimmt nicht. Sie sieht zum Beispiel so aus: %s")
    return message % "name@beispiel.de"


def check_phone(text: str) -> str:
    """Return the cleaned phone number, which may be empty. Raises ValidationError."""
    # NFKC: digits of other widths are digits (UAX 15).
    phone = unicodedata.normalize("NFKC", " ".join(line(text).split(" "))).strip()
    phone = _BEFORE_A_PHONE.sub("", phone)
    if not phone:
        return ""
    digits = sum(character.isdigit() for character in phone)
    if not _PHONE.match(phone) or not 5 <= digits <= 20 or len(phone) > PHONE_MAX:
        message = _("Bitte geben Sie nur die Telefonnummer an, zum Beispiel so: %s")
        raise ValidationError(message % "0341 123456")
    return phone


def check_answer(text: str) -> str:
    """Return the answer to a question of ours, which may be short. Raises ValidationError."""
    return check_message(text, shortest=ANSWER_MIN)


def check_message(text: str, shortest: int = MESSAGE_MIN) -> str:
    """Return the message with uniform line breaks. Raises ValidationError."""
    message = paragraphs(text).strip()
    if control_characters(message, _IN_A_MESSAGE):
        raise ValidationError(
            _("Die Nachricht enthält Zeichen, die wir nicht lesen können. Bitte entfernen Sie sie.")
        )
    if not message:
        raise ValidationError(_("Bitte schreiben Sie Ihre Nachricht."))
    if len(message) < shortest:
        raise ValidationError(
            _("Bitte schreiben Sie etwas mehr: mindestens %d Zeichen.") % shortest
        )
    if len(message) > MESSAGE_MAX:
        raise ValidationError(
            _("Ihre Nachricht hat %(length)d Zeichen. Bitte kürzen Sie sie auf %(limit)d.")
            % {"length": len(message), "limit": MESSAGE_MAX}
        )
    return message


def check_note(text: str) -> str:
    """Return the cleaned note to a submission's sender. Raises ValidationError."""
    note = without_control_characters(text).strip()
    if not note:
        raise ValidationError(_("Bitte schreiben Sie dazu einen Text an die Person."))
    if len(note) > NOTE_MAX:
        raise ValidationError(_("Das ist zu lang: höchstens %d Zeichen.") % NOTE_MAX)
    return note


def check_line(text: str, longest: int) -> str:
    """Return the cleaned line of text, which may be empty. Raises ValidationError."""
    text = line(text)
    if control_characters(text):
        raise ValidationError(_("Bitte nur eine Zeile, ohne Steuerzeichen."))
    words = " ".join(text.split())
    if len(words) > longest:
        raise ValidationError(_("Das ist zu lang: höchstens %d Zeichen.") % longest)
    return words


def check_language(language: str) -> str:
    """Return the language for mails: German if we don't have the requested one."""
    return language if language in LANGUAGES else "de"
