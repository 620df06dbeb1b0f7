"""Noting what others report of a district's mails."""

from wiq.reputation.models import Kind, Report
from wiq.tenancy import current_district_id


def note(kind: Kind) -> None:
    """Note a report about a mail of the current district, or of the platform."""
    Report.objects.create(district_id=current_district_id(), kind=kind)
