"""Whether this commit can be released: each check says what is missing, and how it comes."""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from wiq.embedded.console import say
from wiq.embedded.release import changelog, git, sbom

# Figures older than this say little of the version (docs/figures.md).
FRESH = timedelta(days=90)
NOTES = "docs/releases.md"
# Models are compared with migrations; nobody is asked.
NO_SERVERS = {
    "SECRET_KEY": "only-for-comparing-models-with-migrations-0123456789",
    "DATABASE_URL": "postgres://nobody.invalid/nothing",
    "REDIS_URL": "redis://nobody.invalid",
    "EMAIL_URL": "smtp://nobody.invalid",
}
_NUMBER = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")
_MEASURED = re.compile(r"[Mm]easured(?: again)? (?:on|in turns on) (\d{4}-\d\d-\d\d)")
_BREAKS = re.compile(r"^\s*OLDER_VERSIONS\s*=", re.MULTILINE)


@dataclass(frozen=True)
class Candidate:
    """What is to be released: a clone, and the version that stands in it."""

    root: Path
    version: str

    def text(self, name: str) -> str:
        """Return a file's text; "" where there is none."""
        path = self.root / name
        return path.read_text(encoding="utf-8") if path.is_file() else ""


Check = Callable[[Candidate], Iterator[str]]


def version(candidate: Candidate) -> Iterator[str]:
    """A version has three numbers (semver.org), and stands in one place."""
    if not _NUMBER.fullmatch(candidate.version):
        yield f"{candidate.version!r} is not three numbers: platform/wiq/version.py"
    if 'dynamic = ["version"]' not in candidate.text("pyproject.toml"):
        yield "pyproject.toml names a version of its own: it has to read platform/wiq/version.py"


def log(candidate: Candidate) -> Iterator[str]:
    """The changelog ends with this version; nothing is left that is not in it."""
    try:
        sections = changelog.read(candidate.text("CHANGELOG.md"))
    except changelog.Unreadable as error:
        yield str(error)
        return
    yield from changelog.faults(sections)
    if sections and sections[0].number is None and sections[0].lines:
        yield f"{len(sections[0].lines)} lines still stand under Unreleased: move them"
    newest = next((section for section in sections if section.number), None)
    if newest is None or newest.version != candidate.version:
        said = newest.version if newest else "none"
        yield f"the newest version of the changelog is {said}, this is {candidate.version}"


def tree(candidate: Candidate) -> Iterator[str]:
    """Nothing lies in the folder that is not committed."""
    changed = git.changed(candidate.root)
    if changed:
        yield f"{len(changed)} files are not committed, the first: {changed[0]}"


def tag(candidate: Candidate) -> Iterator[str]:
    """The version's tag names this commit, and says who set it."""
    name = f"v{candidate.version}"
    there = git.tagged(candidate.root, name)
    if not there:
        yield f"the tag is missing: git tag -a {name}"
    elif there != git.head(candidate.root):
        yield f"the tag {name} names another commit ({there[:10]})"
    elif not git.is_annotated(candidate.root, name):
        yield f"the tag {name} does not say who set it: git tag -a -f {name}"


def migrations(candidate: Candidate) -> Iterator[str]:
    """None is missing; what an older version can't run beside is said to whoever upgrades."""
    if (candidate.root / "manage.py").is_file():
        command = [sys.executable, "-W", "ignore", "manage.py", "makemigrations", "--check"]
        done = subprocess.run(
            [*command, "--dry-run"], cwd=candidate.root, env=os.environ | NO_SERVERS,
            capture_output=True, text=True,
        )  # fmt: skip
        if done.returncode:
            yield "a migration is missing: python3 run.py manage makemigrations"
    last = git.last_tag(candidate.root)
    if not last:
        return
    found = [
        name
        for name in git.files_since(candidate.root, last)
        if "/migrations/" in name and _BREAKS.search(candidate.text(name))
    ]
    notes = _notes(candidate)
    for name in found:
        if Path(name).stem not in notes:
            yield f"{name} says OLDER_VERSIONS: name it under {candidate.version} in {NOTES}"


def notes(candidate: Candidate) -> Iterator[str]:
    """Whoever upgrades reads what to do, even if it is nothing."""
    if not _notes(candidate).strip():
        yield f"there are no upgrade notes: ### {candidate.version} in {NOTES}"


def _notes(candidate: Candidate) -> str:
    heading = rf"^### {re.escape(candidate.version)}\n(.*?)(?=^##|\Z)"
    found = re.search(heading, candidate.text(NOTES), re.MULTILINE | re.DOTALL)
    return found[1] if found else ""


def parts(candidate: Candidate) -> Iterator[str]:
    """The list of parts can be made, and names everything that the image installs."""
    with tempfile.TemporaryDirectory(prefix="wiq-parts-") as folder:
        target = Path(folder) / "parts.json"
        try:
            sbom.write(candidate.root, target, candidate.version)
        except sbom.NoList as error:
            yield f"the list of parts can't be made: {error}"
            return
        missing = sbom.missing(candidate.root, json.loads(target.read_text(encoding="utf-8")))
    if missing:
        yield f"the list of parts lacks {', '.join(missing[:5])}"


def figures(candidate: Candidate) -> Iterator[str]:
    """The documented figures are of about this version."""
    days = [date.fromisoformat(day) for day in _MEASURED.findall(candidate.text("docs/figures.md"))]
    if not days:
        yield "docs/figures.md does not say when it was measured"
        return
    sections = [
        section
        for section in changelog.read(candidate.text("CHANGELOG.md"))
        if section.version == candidate.version and section.day
    ]
    if sections and sections[0].day and max(days) < sections[0].day - FRESH:
        yield f"docs/figures.md was last measured on {max(days)}: measure again"


CHECKS: dict[str, Check] = {
    "version": version,
    "changelog": log,
    "upgrade notes": notes,
    "migrations": migrations,
    "list of parts": parts,
    "figures": figures,
    "clean tree": tree,
    "tag": tag,
}


def run(candidate: Candidate) -> int:
    """Run all checks, say what each found; return 0 if it can be released, else 1.

    Raises NoRepository where git does not answer.
    """
    git.head(candidate.root)
    failed = 0
    for name, check in CHECKS.items():
        found = list(_asked(check, candidate))
        say(f"  {name} ... {'FAILED' if found else 'ok'}")
        for words in found:
            say(f"    {words}")
        failed += bool(found)
    ready = f"{candidate.version} can be released"
    say(f"release: {ready}" if not failed else f"release: {failed} of {len(CHECKS)} checks failed")
    return 1 if failed else 0


def _asked(check: Check, candidate: Candidate) -> Iterator[str]:
    try:
        yield from check(candidate)
    except changelog.Unreadable as error:
        yield str(error)
