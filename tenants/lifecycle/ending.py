"""The removal of a district, after a waiting period."""

from datetime import timedelta

import structlog
from django.core.exceptions import ValidationError
from django.db import DatabaseError, models, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context

from tenants.districts import moves
from tenants.districts.models import District, Moving, State
from tenants.districts.services import locked_staying
from tenants.districts.telling import tell_coordination
from tenants.provisioning import removal
from tenants.provisioning.models import Removal
from wiq.actors import Actor
from wiq.audit import services as audit
from wiq.host_names import as_typed
from wiq.tenancy import PUBLIC

log = structlog.get_logger(__name__)
# The waiting period, in which the removal can be cancelled.
GRACE = timedelta(days=30)


def check_host(district: District, typed: str) -> None:
    """Raise ValidationError if the typed text is not the district's host."""
    if as_typed(typed) != district.host:
        raise ValidationError(
            _("Bitte geben Sie zur Bestätigung die ganze Adresse ein: %s") % district.host
        )


@transaction.atomic
def announce_removal(district: District, *, typed_host: str, actor: Actor) -> District:
    """Archive a district and schedule its removal after the waiting period.

    Its coordination gets a mail. Raises ValidationError if the typed host is wrong.
    """
    check_host(district, typed_host)
    held = locked_staying(district)
    if held.delete_after is not None and held.state == State.ARCHIVED:
        return held
    held = moves.archive_for_removal(held, actor=actor)
    held.delete_after = timezone.now() + GRACE
    held.save(update_fields=["delete_after"])
    audit.record_change("district.removal_announced", held, actor=actor)
    tell_coordination(
        held,
        kind="district.removal",
        subject=_("Ihr Quartier wird entfernt"),
        paragraphs=[
            _("das Projektteam hat Ihr Quartier archiviert. Am %s wird alles darin endgültig entfernt.")
            % date_format(timezone.localtime(held.delete_after), "DATE_FORMAT"),
            _("Brauchen Sie noch etwas daraus oder ist das ein Irrtum? Dann melden Sie sich bitte vorher beim Projektteam."),
        ],
    )  # fmt: skip
    return held


@transaction.atomic
def call_off_removal(district: District, *, actor: Actor) -> District:
    """Cancel a removal; the district stays archived until somebody changes its state."""
    held = locked_staying(district)
    if held.delete_after is None:
        raise ValidationError(_("Dieses Quartier soll gar nicht entfernt werden."))
    held.delete_after = None
    held.save(update_fields=["delete_after"])
    audit.record_change("district.removal_called_off", held, actor=actor)
    return held


@transaction.atomic
def remove_now(district: District, *, typed_host: str, actor: Actor) -> Removal:
    """Remove a district at once and completely, on behalf of the operator.

    Raises ValidationError if the typed host is wrong.
    """
    check_host(district, typed_host)
    return _remove(locked_staying(district), actor=actor)


def _remove(district: District, *, actor: Actor) -> Removal:
    number = district.pk
    with schema_context(PUBLIC):
        record = removal.remove(district)
        audit.record_change("district.removed", record, actor=actor, details={"district": number})
    return record


def remove_due() -> int:
    """Remove every district whose waiting period is over; return how many there were."""
    return sum(_remove_if_due(number) for number in _due().values_list("pk", flat=True))


def _due() -> models.QuerySet[District]:
    return District.objects.filter(
        state=State.ARCHIVED, delete_after__lte=timezone.now(), moving=Moving.NO
    )


def _remove_if_due(number: int) -> bool:
    """Remove one district, unless cancelled a moment ago; a failure does not stop the others."""
    try:
        with transaction.atomic():
            district = _due().select_for_update(of=("self",)).filter(pk=number).first()
            if district is None:
                return False
            _remove(district, actor=audit.SYSTEM)
    except DatabaseError as error:
        log.error("district.removal_failed", district=number, error=type(error).__name__)
        return False
    return True
