"""The rules for applications, besides those for all submissions."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from tenants.provisioning import names
from wiq.submissions.rules import check_email, check_line, check_message


def check_district_name(text: str) -> str:
    """Return the cleaned name of a quarter. Raises ValidationError."""
    name = check_line(text, 120)
    if not name:
        raise ValidationError(_("Bitte sagen Sie, wie das Quartier heißt."))
    return name


def check_city(text: str) -> str:
    """Return the cleaned name of a town. Raises ValidationError."""
    city = check_line(text, 120)
    if not city:
        raise ValidationError(_("Bitte sagen Sie, in welcher Stadt oder Gemeinde es liegt."))
    return city


def check_slug(text: str) -> str:
    """Return the requested subdomain. Raises ValidationError with the reason if it is refused."""
    slug = text.strip().lower()
    if not slug:
        raise ValidationError(_("Bitte geben Sie die gewünschte Internetadresse an."))
    if "\x00" in slug:
        slug = "-"
    names.check_wish(slug)
    return slug


def check_motivation(text: str) -> str:
    """Return the cleaned reasons for the application. Raises ValidationError."""
    if not text.strip():
        raise ValidationError(_("Bitte schreiben Sie, warum Sie „Wir im Quartier“ möchten."))
    return check_message(text)


def check_organisation(text: str) -> str:
    """Return the name of an organisation, which may be empty. Raises ValidationError."""
    return check_line(text, 200)


def check_needed_email(text: str) -> str:
    """Return the address, which the later invitation needs. Raises ValidationError."""
    email = check_email(text)
    if not email:
        raise ValidationError(
            _("Bitte geben Sie Ihre E-Mail-Adresse an: Dorthin geht die Antwort.")
        )
    return email
