"""The form with which somebody applies with a quarter."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tenants.applications.rules import Checked, NewApplication, check
from wiq.submissions import forms as fields
from wiq.submissions.rules import NAME_MAX


class ApplicationForm(fields.SubmissionForm):
    """What an applicant fills in. The rules are ``tenants.applications.rules``, as for the API."""

    district_name = forms.CharField(
        label=_("Wie heißt das Quartier?"),
        required=False,
        strip=False,
        help_text=_("So, wie die Menschen dort es nennen, zum Beispiel: Leipziger Osten."),
        widget=fields.line(120, **fields.MUST),
    )
    city = forms.CharField(
        label=_("In welcher Stadt oder Gemeinde liegt es?"),
        required=False,
        strip=False,
        widget=fields.line(120, autocomplete="address-level2", **fields.MUST),
    )
    slug = forms.CharField(
        label=_("Welche Internetadresse wünschen Sie sich?"),
        required=False,
        help_text=_("Nur der vordere Teil. Kleine Buchstaben, Ziffern und Bindestriche."),
        widget=fields.line(40, autocapitalize="none", spellcheck="false", **fields.MUST),
    )
    motivation = fields.text_field(
        _("Warum möchten Sie „Wir im Quartier“ dort haben?"),
        _("Wer macht schon mit? Was soll sich ändern? Ein paar Sätze genügen."),
        **fields.MUST,
    )
    organisation = forms.CharField(
        label=_("Ihre Organisation (wenn Sie für eine sprechen)"),
        required=False,
        strip=False,
        help_text=_(
            "Zum Beispiel ein Verein, eine Stiftung, das Quartiersmanagement, die Kommune."
        ),
        widget=fields.line(200, autocomplete="organization"),
    )
    contact_name = forms.CharField(
        label=_("Ihr Name"),
        required=False,
        strip=False,
        widget=fields.line(NAME_MAX, autocomplete="name", **fields.MUST),
    )
    email = fields.email_field()
    phone = fields.phone_field()
    field_order = (
        *("district_name", "city", "slug", "motivation", "organisation", "contact_name"),
        *("email", "phone", "privacy_acknowledged"),
    )
    checked: Checked | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].help_text = _("Dorthin geht ein Link, mit dem Sie sie bestätigen.")
        self.fields["phone"].label = _("Ihre Telefonnummer (wenn Sie mögen)")

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

    def check(self) -> None:
        """Apply the room's rules."""
        self.checked = check(
            NewApplication(
                **{name: self.value(name) for name in (
                    "district_name", "slug", "city", "organisation", "contact_name", "email",
                    "phone", "motivation",
                )},
                privacy_acknowledged=self.is_acknowledged,
                language=get_language() or "de",
            )
        )  # fmt: skip
