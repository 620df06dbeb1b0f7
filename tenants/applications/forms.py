"""The form to apply with a quarter."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from tenants.applications.rules import (
    check_city,
    check_district_name,
    check_motivation,
    check_needed_email,
    check_organisation,
    check_slug,
)
from wiq.submissions import fields
from wiq.submissions.forms import SubmissionForm


class ApplicationForm(SubmissionForm):
    """What an applicant fills in, or a program sends."""

    district_name = fields.Judged(
        check_district_name,
        label=_("Wie heißt das Quartier?"),
        must_be_sent=True,
        help_text=_("So, wie die Menschen dort es nennen, zum Beispiel: Leipziger Osten."),
        widget=fields.line(120, **fields.MUST),
    )
    city = fields.Judged(
        check_city,
        label=_("In welcher Stadt oder Gemeinde liegt es?"),
        must_be_sent=True,
        widget=fields.line(120, autocomplete="address-level2", **fields.MUST),
    )
    slug = fields.Judged(
        check_slug,
        label=_("Welche Internetadresse möchten Sie?"),
        must_be_sent=True,
        help_text=_("Nur der vordere Teil. Kleine Buchstaben, Ziffern und Bindestriche."),
        widget=fields.line(40, autocapitalize="none", spellcheck="false", **fields.MUST),
    )
    motivation = fields.text_field(
        _("Warum möchten Sie „Wir im Quartier“ dort haben?"),
        _("Wer macht schon mit? Was soll sich ändern? Ein paar Sätze genügen."),
        rule=check_motivation,
    )
    organisation = fields.Judged(
        check_organisation,
        label=_("Ihre Organisation"),
        help_text=_(
            "Wenn Sie für eine sprechen: zum Beispiel ein Verein, eine Stiftung, die Kommune."
        ),
        widget=fields.line(200, autocomplete="organization"),
    )
    contact_name = fields.name_field()
    email = fields.email_field(
        check_needed_email,
        must_be_sent=True,
        help_text=_("Dorthin geht ein Link, mit dem Sie die Adresse bestätigen."),
    )
    phone = fields.phone_field(help_text=_("Wenn Sie mögen. Dann können wir Sie anrufen."))
    field_order = (
        *("district_name", "city", "slug", "motivation", "organisation", "contact_name"),
        *("email", "phone", "privacy_acknowledged"),
    )

    @property
    def domain(self) -> str:
        """The part of the address that every quarter shares."""
        return f".{settings.WIQ_DOMAIN}"

    def parts(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Return the form's two parts, each with its heading."""
        quarter = ("district_name", "city", "slug", "motivation")
        person = ("organisation", "contact_name", "email", "phone")
        return [
            (str(_("Das Quartier")), [self[name] for name in quarter]),
            (str(_("Wer Sie sind")), [self[name] for name in person]),
        ]

    def values(self) -> dict[str, Any]:
        """Return the values to save, with the applicant's name renamed as in all submissions."""
        found = super().values()
        return found | {"name": found.pop("contact_name")}
