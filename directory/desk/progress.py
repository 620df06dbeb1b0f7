"""How far a district is on its way to publication."""

from dataclasses import dataclass

from directory.desk.guide import STEPS, Step
from tenants.districts.models import District, State
from tenants.districts.moves import LEFT_AGAIN
from tenants.districts.telling import means

# The states in which the coordination can still bring it there.
ON_ITS_WAY = (State.DRAFT, State.HIDDEN)


@dataclass(frozen=True)
class Progress:
    """The steps of the guide, each with whether it is done."""

    steps: list[tuple[Step, bool]]

    @property
    def done(self) -> int:
        return sum(is_done for _step, is_done in self.steps)

    @property
    def count(self) -> int:
        return len(self.steps)

    @property
    def next(self) -> Step | None:
        """The first step that is open."""
        return next((step for step, is_done in self.steps if not is_done), None)


def taken_off(district: District) -> dict[str, str]:
    """Return what a page shows of a suspension or the archive; nothing if there is neither."""
    if district.state not in LEFT_AGAIN:
        return {}
    return {"taken_off": means(district), "state_note": district.state_note}


def progress(district: District) -> Progress:
    """Return how far a district is; ``district`` is its current row."""
    return Progress([(step, step.is_done(district)) for step in STEPS])
