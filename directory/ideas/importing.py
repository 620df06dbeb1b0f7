"""Ideas from a district's file: up to format 5, spam was a separate column."""

from typing import Any

from directory.ideas.models import Idea, IdeaState
from wiq.importing import Older, older


def spam_is_a_state(data: dict[str, Any]) -> None:
    """Turn the old spam column into a state."""
    if data.pop("is_spam", False) is True:
        data["state"] = IdeaState.SPAM.value


older.register(Older(Idea, spam_is_a_state))
