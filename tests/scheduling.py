"""Which worker of pytest-xdist runs what: files stay whole, and one worker has the running stack."""

from functools import cache
from pathlib import Path

from xdist.scheduler import LoadFileScheduling

ROOT = Path(__file__).resolve().parents[1]
STACK = "the running stack"


@cache
def uses_the_stack(file: str) -> bool:
    """Tell whether tests of a file look at the stack of tests/conftest.py."""
    text = (ROOT / file).read_text(encoding="utf-8")
    return "stack: RunningStack" in text and "def stack(" not in text


class OneStack(LoadFileScheduling):
    """Sends every file that looks at the running stack to the same worker: it starts only there."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return STACK if uses_the_stack(file) else file
