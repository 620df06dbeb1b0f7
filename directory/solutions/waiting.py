"""Open tasks about solution teams."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from directory.people.dates import today
from directory.solutions import services
from directory.solutions.models import SolutionTeam
from wiq.admin.waiting import Asked, Task, change_url, list_url, pile_of, waits


@waits(place=140, permission="solutions.view_solutionteam")
def unconfirmed_teams(request: HttpRequest) -> Asked:
    """Active solution teams that nobody has confirmed for half a year."""
    stale = SolutionTeam.objects.unconfirmed_since(today() - services.ASK_EVERY)
    url = list_url("solutions_solutionteam", "?zu-tun=bestaetigen")
    return pile_of(
        _("Lösungsteams: Stimmt das noch?"), stale.order_by("confirmed_at", "sort_key"), _asked,
        fields=("name", "confirmed_at"), url=url, act=_("Prüfen"),
    )  # fmt: skip


def _asked(team: SolutionTeam) -> Task:
    words = _("noch nie bestätigt")
    if team.confirmed_at is not None:
        words = _("zuletzt am %s") % f"{team.confirmed_at:%d.%m.%Y}"
    return Task(team.name, words, change_url("solutions_solutionteam", team.pk))


@waits(place=142, permission="solutions.change_solutionteam")
def wordless_teams(request: HttpRequest) -> Asked:
    """Active solution teams whose page does not say what they are about."""
    rows = SolutionTeam.objects.wordless().order_by("sort_key")
    url = list_url("solutions_solutionteam", "?zu-tun=beschreiben")
    return pile_of(
        _("Lösungsteams ohne Beschreibung"), rows, _wordless,
        fields=("name", "challenge", "approach"), url=url, act=_("Schreiben"),
    )  # fmt: skip


def _wordless(team: SolutionTeam) -> Task:
    missing = [
        str(words)
        for words, text in (
            (_("Herausforderung"), team.challenge), (_("Lösungsansatz"), team.approach),
        )
        if not text
    ]  # fmt: skip
    words = _("Es fehlt: %s") % ", ".join(missing)
    return Task(team.name, words, change_url("solutions_solutionteam", team.pk))
