"""What others can copy of a solution team's dates: how often it meets, not when."""

from typing import Any

from directory.events import rules
from directory.events.models import Event
from directory.solutions.catalogue import besides
from directory.solutions.models import SolutionTeam

MOST = 5


def rhythms(team: SolutionTeam) -> dict[str, Any]:
    """Return by what rules a solution team meets, without their ends, and at which hour."""
    series = Event.objects.filter(solution_team=team, is_cancelled=False).exclude(rule="")
    found = [
        {"title": event.title, "rule": rules.endless(event.rule, event.day),
         "time": event.time.isoformat("minutes")}
        for event in series.coming().order_by("day", "time", "pk")[:MOST]
    ]  # fmt: skip
    return {"rhythms": found}


besides.register(rhythms)
