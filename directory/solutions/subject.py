"""Solution teams that have an address as their contact."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from directory.solutions.models import SolutionTeam
from wiq.mail_addresses import is_at
from wiq.subjects import HandedOut, Source, sources


def collect(email: str) -> list[Any]:
    """Return the solution teams with this contact address."""
    found = SolutionTeam.objects.filter(is_at("contact_email", email))
    return [HandedOut(team, {"slug": team.slug, "name": team.name}, {}) for team in found]


sources.register(
    Source(
        140,
        "contact_of_solution_teams",
        _("Kontakt von Lösungsteams"),
        ("solutions.solutionteam",),
        collect,
        kept_because="a team without its contact would lose what is sent to it: the desk changes it",
    )
)
