"""Teams that have an address as their contact."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from directory.people.models import Team
from wiq.mail_addresses import is_at
from wiq.subjects import Source, sources


def collect(email: str) -> list[Any]:
    """Return the teams with this contact address."""
    return list(Team.objects.filter(is_at("contact_email", email)).values("slug", "name"))


sources.register(
    Source(
        150,
        "contact_of_teams",
        _("Kontakt von Teams"),
        ("people.team",),
        collect,
        kept_because="a team without its contact would lose what is sent to it: the desk changes it",
    )
)
