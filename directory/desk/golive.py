"""Who and what has to stand behind a district before it becomes public."""

from django.utils.translation import gettext as _

from tenants.districts.models import District
from tenants.districts.moves import Gap, says_what_is_missing
from wiq.accounts.models import User
from wiq.accounts.roles import Role

COORDINATORS = 2


@says_what_is_missing(place=110)
def contract_gap(district: District) -> list[Gap]:
    """Return that the contract with the operator is missing.

    Art. 28 (3) GDPR: who has personal data processed by somebody else needs one.
    """
    operator = district.operator
    needs_contract = operator is not None and not operator.runs_platform
    if not needs_contract or district.processing_agreement_on is not None:
        return []
    return [Gap("traeger", _("Vertrag zur Auftragsverarbeitung mit dem Betreiber"))]


@says_what_is_missing(place=140)
def coordinators_gap(district: District) -> list[Gap]:
    """Return that one person alone would look after everything."""
    if User.objects.with_role(Role.COORDINATOR).count() >= COORDINATORS:
        return []
    words = _("Eine zweite Person in der Koordination, mit eigenem Konto")
    return [Gap("koordination", words)]
