"""Topics, solution teams, who is in them, and what happened to them."""

from directory.solutions.models.members import SolutionTeamMember
from directory.solutions.models.pictures import Picture
from directory.solutions.models.teams import SolutionTeam, SolutionTeamQuerySet, Topic
from directory.solutions.models.timeline import StateChange, Update

__all__ = [
    "Picture",
    "SolutionTeam",
    "SolutionTeamMember",
    "SolutionTeamQuerySet",
    "StateChange",
    "Topic",
    "Update",
]
