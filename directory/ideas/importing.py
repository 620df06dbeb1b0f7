"""Ideas from a district's file: spam was a column of its own up to format 5."""

from typing import Any

from directory.ideas.models import Idea, IdeaState
from wiq.importing import Older, older


def spam_is_a_state(data: dict[str, Any]) -> None:
    """Say of spam that it is in this state."""
    if data.pop("is_spam", False) is True:
        data["state"] = IdeaState.SPAM.value


older.register(Older(Idea, spam_is_a_state))
