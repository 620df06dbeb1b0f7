"""CHANGELOG.md by versions: what it has to look like, and what is in it."""

import re
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

UNRELEASED = "Unreleased"
_HEADING = re.compile(r"^## (?:(Unreleased)|(\d+)\.(\d+)\.(\d+) \((\d{4}-\d\d-\d\d)\))$")


class Unreadable(ValueError):
    """A heading that is neither "Unreleased" nor a version with its day."""


@dataclass(frozen=True)
class Section:
    """One version, or what is not released yet (without number and day)."""

    number: tuple[int, int, int] | None
    day: date | None
    lines: tuple[str, ...]

    @property
    def version(self) -> str:
        """The version as it is written; "Unreleased" for what is none yet."""
        return ".".join(map(str, self.number)) if self.number else UNRELEASED


def read(text: str) -> list[Section]:
    """Return the sections from the top. Raises Unreadable."""
    found: list[tuple[re.Match[str], list[str]]] = []
    for line in text.splitlines():
        if line.startswith("## "):
            match = _HEADING.match(line)
            if match is None:
                raise Unreadable(f"neither Unreleased nor a version with its day: {line!r}")
            found.append((match, []))
        elif found and line.startswith("- "):
            found[-1][1].append(line)
    return [_section(match, lines) for match, lines in found]


def _section(match: re.Match[str], lines: list[str]) -> Section:
    if match[1]:
        return Section(None, None, tuple(lines))
    number = (int(match[2]), int(match[3]), int(match[4]))
    try:
        day = date.fromisoformat(match[5])
    except ValueError as error:
        raise Unreadable(f"{match[0]!r}: {error}") from None
    return Section(number, day, tuple(lines))


def faults(sections: list[Section]) -> list[str]:
    """Return what is wrong with the order of the sections, whatever is to be released."""
    found = []
    if not sections or sections[0].number is not None:
        found.append("the first section has to be Unreleased")
    released = [section for section in sections[1:] if section.number and section.day]
    if len(released) != len(sections[1:]):
        found.append("Unreleased stands there twice")
    for newer, older in pairwise(released):
        if (newer.number or ()) <= (older.number or ()):
            found.append(f"{newer.version} stands above {older.version}")
        if newer.day and older.day and newer.day < older.day:
            found.append(f"{newer.version} is of an earlier day than {older.version}")
    found += [f"{section.version} says nothing" for section in released if not section.lines]
    return found
