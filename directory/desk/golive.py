"""The go-live gate: what has to be there before a district becomes public."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context, tenant_context

from directory.contact import mailboxes
from directory.pages import legal
from directory.people.models import Team
from tenants.districts import services as districts
from tenants.districts.models import District, State
from wiq.accounts.models import User
from wiq.accounts.roles import Role
from wiq.audit import services as audit
from wiq.tenancy import PUBLIC

Actor = models.Model | str
COORDINATORS = 2


@dataclass(frozen=True)
class Gap:
    """Something that is still missing, and the step of the guide where it is put right."""

    step: str
    words: str


def gaps(district: District) -> list[Gap]:
    """Return what a district still lacks; the list is empty where it may become public.

    Asks the district's own schema.
    """
    found = [Gap("traeger", words) for words in legal.missing(district)]
    operator = district.operator
    # Art. 28 (3) GDPR: who has personal data processed by somebody else needs a contract.
    needs_contract = operator is not None and not operator.runs_platform
    if needs_contract and district.processing_agreement_on is None:
        found.append(Gap("traeger", _("Vertrag zur Auftragsverarbeitung mit dem Betreiber")))
    with tenant_context(district):
        if not mailboxes.is_proven():
            found.append(
                Gap("postfach", _("Ein Postfach, das jemand liest: mit dem Code bestätigt"))
            )
        if not Team.objects.published().exists():
            found.append(Gap("unterstuetzungsteam", _("Mindestens ein veröffentlichtes Team")))
        if User.objects.with_role(Role.COORDINATOR).count() < COORDINATORS:
            found.append(
                Gap("koordination", _("Eine zweite Person in der Koordination, mit eigenem Konto"))
            )
    return found


@transaction.atomic
def publish(district: District, *, actor: Actor) -> District:
    """Make a draft or hidden district public.

    Raises ValidationError with everything that is still missing, or for another state.
    """
    who = audit.for_platform(actor)
    district = districts.locked(district)
    if district.state not in (State.DRAFT, State.HIDDEN):
        raise ValidationError(
            _("Von „%s“ aus geht das nicht.") % district.get_state_display(), code="wrong_state"
        )
    missing = gaps(district)
    if missing:
        raise ValidationError([gap.words for gap in missing], code="not_ready")
    with tenant_context(district):
        audit.record("district.published", None, actor=actor)
    with schema_context(PUBLIC):
        return districts.set_state(district, State.PUBLISHED, actor=who)


@transaction.atomic
def hide(district: District, *, actor: Actor) -> District:
    """Take a public district back from sight. Raises ValidationError where it is not public."""
    who = audit.for_platform(actor)
    district = districts.locked(district)
    if district.state != State.PUBLISHED:
        raise ValidationError(_("Dieses Quartier ist nicht öffentlich."))
    with tenant_context(district):
        audit.record("district.hidden", None, actor=actor)
    with schema_context(PUBLIC):
        return districts.set_state(district, State.HIDDEN, actor=who)
