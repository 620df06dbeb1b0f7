"""What the folder lacks before a district becomes public for the first time."""

from django.utils.translation import gettext as _
from django_tenants.utils import schema_context

from tenants.accountability.models import Signature
from tenants.accountability.services import CONTRACT
from tenants.districts.models import District
from tenants.districts.moves import Gap, says_what_is_missing
from wiq.tenancy import PUBLIC

RECORD = "verzeichnis"


@says_what_is_missing(place=115)
def folder_gap(district: District) -> list[Gap]:
    """Return the gap if nobody has signed the contract or, without one, the record.

    A district that was public once stays free to come back: it was let in under other rules.
    """
    if district.passed_gate_at is not None:
        return []
    operator = district.operator
    key = RECORD if operator is not None and operator.runs_platform else CONTRACT
    with schema_context(PUBLIC):
        signed = Signature.objects.filter(version__district=district.pk, version__document=key)
        if signed.exists():
            return []
    words = {
        CONTRACT: _("Vertrag zur Auftragsverarbeitung, unterschrieben und eingetragen"),
        RECORD: _("Verzeichnis der Verarbeitungstätigkeiten, freigegeben und eingetragen"),
    }
    return [Gap("datenschutz", words[key])]
