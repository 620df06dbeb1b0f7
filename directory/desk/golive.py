"""The people that a district needs before it becomes public."""

from django.utils.translation import gettext as _

from tenants.districts.models import District
from tenants.districts.moves import Gap, says_what_is_missing
from wiq.accounts.models import User
from wiq.accounts.roles import Role

COORDINATORS = 2


@says_what_is_missing(place=140)
def coordinators_gap(district: District) -> list[Gap]:
    """Return the gap if there are too few coordinators."""
    if User.objects.with_role(Role.COORDINATOR).count() >= COORDINATORS:
        return []
    words = _("Eine zweite Person in der Koordination, mit eigenem Konto")
    return [Gap("koordination", words)]
