"""What the legal pages lack before a district becomes public."""

from directory.pages import legal
from tenants.districts.models import District
from tenants.districts.moves import Gap, says_what_is_missing


@says_what_is_missing(place=100)
def legal_gaps(district: District) -> list[Gap]:
    """Return the gaps in the data for the imprint and the other legal pages."""
    return [Gap("traeger", words) for words in legal.missing(district)]
