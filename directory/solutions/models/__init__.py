"""Topics, solution teams, their members and their history."""

from directory.solutions.models.members import SolutionTeamMember
from directory.solutions.models.pictures import Picture
from directory.solutions.models.synonyms import Synonyms
from directory.solutions.models.teams import SolutionTeam, SolutionTeamQuerySet, Topic
from directory.solutions.models.timeline import StateChange, Update

__all__ = [
    "Picture",
    "SolutionTeam",
    "SolutionTeamMember",
    "SolutionTeamQuerySet",
    "StateChange",
    "Synonyms",
    "Topic",
    "Update",
]
