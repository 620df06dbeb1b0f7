"""Reading a district folder: the format, version 2 (version 1 had no solution teams).

    manifest.json          {"format": "wiq-district", "version": 2}
    district.json          the district, its operator under "operator"
    teams.jsonl  seats.jsonl  people.jsonl  memberships.jsonl  consents.jsonl
    topics.jsonl  solution-teams.jsonl  solution-team-members.jsonl  updates.jsonl
    texts/intro.de.txt  texts/intro.en.txt
    texts/teams/SLUG.txt   a team's description
    texts/people/SLUG.txt  a person's short portrait
    texts/solution-teams/SLUG.challenge.txt  SLUG.approach.txt

One JSON object a line; rows name each other by slug. Empty files may be left out.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FORMAT, VERSIONS = "wiq-district", (1, 2)
BYTES_MAX = 5_000_000


class FolderError(Exception):
    """The folder can't be read; the text says in which file and line, and why."""


@dataclass(frozen=True)
class Row:
    """One object of a file, with its place for messages."""

    place: str
    data: dict[str, Any]


class DistrictFolder:
    """A district as files."""

    def __init__(self, path: Path) -> None:
        """Open a folder. Raises FolderError where it is none of ours."""
        self.path = path.resolve()
        manifest = self._json("manifest.json")
        if manifest.get("format") != FORMAT:
            raise FolderError(f"manifest.json: this is no {FORMAT} folder")
        if manifest.get("version") not in VERSIONS:
            raise FolderError(
                f"manifest.json: version {manifest.get('version')} is unknown here; "
                f"this platform reads version {VERSIONS[0]} to {VERSIONS[-1]}"
            )
        self.district = self._json("district.json")
        self.slug = str(self.district.get("slug", ""))

    def _read(self, name: str) -> str | None:
        file = (self.path / name).resolve()
        if not file.is_relative_to(self.path):
            raise FolderError(f"{name}: stands outside of the folder")
        if not file.is_file():
            return None
        if file.stat().st_size > BYTES_MAX:
            raise FolderError(f"{name}: larger than {BYTES_MAX} bytes")
        try:
            return file.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise FolderError(f"{name}: not UTF-8 (byte {error.start})") from None

    def _json(self, name: str) -> dict[str, Any]:
        text = self._read(name)
        if text is None:
            raise FolderError(f"{name}: missing in {self.path}")
        return _object(text, name)

    def rows(self, name: str) -> Iterator[Row]:
        """Return the objects of a JSON-lines file; none where the file is missing."""
        for number, line in enumerate((self._read(name) or "").splitlines(), start=1):
            if line.strip():
                place = f"{name}, line {number}"
                yield Row(place, _object(line, place))

    def text(self, name: str) -> str:
        """Return a text of the folder ``texts/``; empty where it is missing.

        A line break inside a paragraph is only there for the editor.
        """
        text = self._read(f"texts/{name}") or ""
        paragraphs = text.strip().split("\n\n")
        return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


def _object(text: str, place: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError as error:
        raise FolderError(f"{place}: not JSON: {error}") from None
    if not isinstance(value, dict):
        raise FolderError(f"{place}: not a JSON object")
    return value
