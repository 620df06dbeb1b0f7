"""What the folder lacks before a district becomes public."""

from django.utils.translation import gettext as _
from django_tenants.utils import schema_context

from directory.pages import legal
from tenants.accountability.documents import CONTRACT
from tenants.accountability.models import Signature
from tenants.districts.models import District
from tenants.districts.moves import Gap, says_what_is_missing
from wiq.tenancy import PUBLIC

RECORD = "verzeichnis"


@says_what_is_missing(place=115)
def folder_gap(district: District) -> list[Gap]:
    """Return the gap if nobody has signed the contract or, without one, released the record.

    Art. 28 (3) GDPR requires a contract when somebody else processes personal data for the Träger.
    A district that was public once was let in under other rules: the day of its contract is enough.
    """
    if district.operator is None and district.passed_gate_at is not None:
        return []
    runs_platform = district.operator is not None and district.operator.runs_platform
    if runs_platform:
        words = _("Verzeichnis der Verarbeitungstätigkeiten, freigegeben und eingetragen")
        has_it = district.passed_gate_at is not None or _is_signed(district, RECORD)
    else:
        words = _("Vertrag zur Auftragsverarbeitung, unterschrieben und eingetragen")
        has_day = district.processing_agreement_on is not None
        has_it = (district.passed_gate_at is not None and has_day) or _is_signed(district, CONTRACT)
    return [] if has_it else [Gap("datenschutz", words)]


@says_what_is_missing(place=112)
def money_gap(district: District) -> list[Gap]:
    """Return the gap if nobody said whether a public body pays, before the first time.

    What follows is a duty (§ 1 and § 3 BfWebG): silence must not read as "no".
    """
    operator = district.operator
    if operator is None or operator.runs_platform or district.passed_gate_at is not None:
        return []
    words = legal.unanswered(operator).get("publicly_funded")
    return [Gap("traeger", words)] if words else []


def _is_signed(district: District, key: str) -> bool:
    with schema_context(PUBLIC):
        return Signature.objects.filter(
            version__district=district.pk, version__document=key
        ).exists()
