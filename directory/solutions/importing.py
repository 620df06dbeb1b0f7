"""Solution teams from a district's file: their sort keys and search keys."""

from typing import Any

from directory.solutions import services
from directory.solutions.models import SolutionTeam, Topic
from wiq.importing import Completion, afterwards, completions


def complete(row: SolutionTeam | Topic, data: dict[str, Any]) -> None:
    """Set the sort key."""
    services.give_sort_key(row)


completions.register(Completion(SolutionTeam, complete))
completions.register(Completion(Topic, complete))
afterwards.register(services.index_all)
afterwards.register(services.note_what_shows)
