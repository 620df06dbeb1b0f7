"""What has changed between two texts of a document, line by line."""

from dataclasses import dataclass
from difflib import SequenceMatcher

from tenants.accountability.documents import lines_of


@dataclass(frozen=True)
class Change:
    """Some lines that stand there no more, and what stands there instead."""

    before: tuple[str, ...]
    now: tuple[str, ...]


def between(before: str, now: str) -> list[Change]:
    """Return the changes from one text to another, in the order of the document."""
    old, new = lines_of(before), lines_of(now)
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [
        Change(tuple(old[a:b]), tuple(new[c:d])) for what, a, b, c, d in steps if what != "equal"
    ]
