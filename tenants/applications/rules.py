"""What an application must be like: one set of rules for the form and the API."""

from dataclasses import dataclass, fields

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from tenants.provisioning import names
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
class NewApplication:
    """What somebody sent, before anybody judged it."""

    district_name: str
    slug: str
    city: str
    contact_name: str
    email: str
    motivation: str
    privacy_acknowledged: bool
    organisation: str = ""
    phone: str = ""
    language: str = "de"


@dataclass(frozen=True)
class Checked:
    """An application that keeps the rules, tidied."""

    district_name: str
    slug: str
    city: str
    organisation: str
    name: str
    email: str
    phone: str
    motivation: str
    language: str

    def values(self) -> dict[str, str]:
        """Return the fields by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


def check_district_name(text: str) -> str:
    """Return the tidied name of a quarter. Raises ValidationError."""
    name = check_line(text, 120)
    if not name:
        raise ValidationError(_("Bitte sagen Sie, wie das Quartier heißt."))
    return name


def check_city(text: str) -> str:
    """Return the tidied name of a town. Raises ValidationError."""
    city = check_line(text, 120)
    if not city:
        raise ValidationError(_("Bitte sagen Sie, in welcher Stadt oder Gemeinde es liegt."))
    return city


def check_slug(text: str) -> str:
    """Return the wished subdomain. Raises ValidationError with what is wrong with it."""
    slug = text.strip().lower()
    if not slug:
        raise ValidationError(_("Bitte wünschen Sie sich eine Internetadresse."))
    if "\x00" in slug:
        slug = "-"
    names.check_wish(slug)
    return slug


def check_motivation(text: str) -> str:
    """Return why somebody wants WiQ, tidied. Raises ValidationError."""
    if not text.strip():
        raise ValidationError(_("Bitte schreiben Sie, warum Sie „Wir im Quartier“ möchten."))
    return check_message(text)


def check_organisation(text: str) -> str:
    """Return the name of an organisation, which may be empty. Raises ValidationError."""
    return check_line(text, 200)


def check_needed_email(text: str) -> str:
    """Return the address, without which nobody can be invited. Raises ValidationError."""
    email = check_email(text)
    if not email:
        raise ValidationError(
            _("Bitte geben Sie Ihre E-Mail-Adresse an: Dorthin geht die Antwort.")
        )
    return email


def check(sent: NewApplication) -> Checked:
    """Return a tidied application.

    Raises ValidationError with a dict: each field's name and what to mend there.
    """
    found = check_all(
        (
            ("district_name", check_district_name, sent.district_name),
            ("city", check_city, sent.city),
            ("slug", check_slug, sent.slug),
            ("motivation", check_motivation, sent.motivation),
            ("organisation", check_organisation, sent.organisation),
            ("contact_name", check_name, sent.contact_name),
            ("email", check_needed_email, sent.email),
            ("phone", check_phone, sent.phone),
        ),
        privacy_acknowledged=sent.privacy_acknowledged,
    )
    found["name"] = found.pop("contact_name")
    return Checked(language=check_language(sent.language), **found)
