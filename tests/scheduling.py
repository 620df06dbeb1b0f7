"""Which worker of pytest-xdist runs what: files that look at the same thing stay together."""

from functools import cache
from pathlib import Path

from xdist.scheduler import LoadFileScheduling

ROOT = Path(__file__).resolve().parents[1]
STACK = "the running stack"
DISTRICTS = "the districts of the walk"


@cache
def uses_the_stack(file: str) -> bool:
    """Tell whether tests of a file look at the stack of tests/conftest.py."""
    text = (ROOT / file).read_text(encoding="utf-8")
    return "stack: RunningStack" in text and "def stack(" not in text


class Together(LoadFileScheduling):
    """Sends to one worker whatever is made once for several files: it is made only there."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        if file.startswith("tests/isolation/"):
            return DISTRICTS
        return STACK if uses_the_stack(file) else file
