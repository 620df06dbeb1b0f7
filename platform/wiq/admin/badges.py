"""The colour of a state in a list of the administration."""

from collections.abc import Mapping

from django.db.models import Choices


def colours(states: type[Choices], named: Mapping[Choices, str]) -> dict[str, str | None]:
    """Return each state's colour for unfold's ``display(label=…)``, by default grey.

    Every state needs an entry: without one, unfold shows the stored value.
    """
    return {state.value: named.get(state) for state in states}
