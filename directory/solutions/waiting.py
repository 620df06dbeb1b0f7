"""Open tasks about solution teams."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from directory.people.dates import today
from directory.solutions import services
from directory.solutions.models import SolutionTeam
from wiq.admin.waiting import SHOWN, Pile, Task, change_url, list_url, waits


@waits(place=140, permission="solutions.view_solutionteam")
def unconfirmed_teams(request: HttpRequest) -> Pile:
    """Active solution teams that nobody has confirmed for half a year."""
    stale = SolutionTeam.objects.unconfirmed_since(today() - services.ASK_EVERY)
    tasks = [
        Task(
            team.name,
            _("noch nie bestätigt")
            if team.confirmed_at is None
            else _("zuletzt am %s") % f"{team.confirmed_at:%d.%m.%Y}",
            change_url("solutions_solutionteam", team.pk),
        )
        for team in stale.order_by("confirmed_at", "sort_key")[:SHOWN]
    ]
    url = list_url("solutions_solutionteam", "?zu-tun=bestaetigen")
    return Pile(_("Lösungsteams: Stimmt das noch?"), stale.count(), url, tasks)
