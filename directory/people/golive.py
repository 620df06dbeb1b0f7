"""The teams that a district needs before it becomes public."""

from django.utils.translation import gettext as _

from directory.people.models import Team
from tenants.districts.models import District
from tenants.districts.moves import Gap, says_what_is_missing


@says_what_is_missing(place=130)
def team_gap(district: District) -> list[Gap]:
    """Return the gap if no team is published."""
    if Team.objects.published().exists():
        return []
    return [Gap("unterstuetzungsteam", _("Mindestens ein veröffentlichtes Team"))]
