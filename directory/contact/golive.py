"""What the contact form lacks before a district becomes public."""

from django.utils.translation import gettext as _

from directory.contact import mailboxes
from tenants.districts.models import District
from tenants.districts.moves import Gap, says_what_is_missing


@says_what_is_missing(place=120)
def mailbox_gap(district: District) -> list[Gap]:
    """Return the gap if nobody has proven to read the requests' mailbox."""
    if mailboxes.is_proven():
        return []
    return [Gap("postfach", _("Ein Postfach, das jemand liest: mit dem Code bestätigt"))]
