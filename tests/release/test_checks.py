"""``run.py release --check``: what is in order is released, what is not is named."""

import io
import subprocess
import sys
from pathlib import Path

import pytest

from tests.release.conftest import WRITTEN, commit
from tests.stack.running import ROOT
from wiq.embedded.console import report_on
from wiq.embedded.release import changelog, checks
from wiq.embedded.release.checks import Candidate
from wiq.version import VERSION


def said(candidate: Candidate) -> tuple[int, str]:
    """Run all checks; return the status and what was said."""
    stream = io.StringIO()
    report_on(stream)
    try:
        return checks.run(candidate), stream.getvalue()
    finally:
        report_on(sys.stdout)


@pytest.mark.thorough
def test_what_is_in_order_can_be_released(candidate: Candidate) -> None:
    status, words = said(candidate)
    assert status == 0, words
    assert words.endswith("release: 1.2.0 can be released\n")
    assert words.count("... ok") == len(checks.CHECKS)


@pytest.mark.parametrize(("name", "before", "after", "wanted"), [
    ("CHANGELOG.md", "## Unreleased\n", "## Unreleased\n- Late.\n", "still stand under Unreleased"),
    ("CHANGELOG.md", "1.2.0 (2027-01-15)", "1.3.0 (2027-01-15)", "changelog is 1.3.0, this is 1.2.0"),
    ("CHANGELOG.md", "1.1.9 (2027-01-01)", "1.1.9 (2027-02-01)", "of an earlier day than 1.1.9"),
    ("CHANGELOG.md", "1.1.9 (2027-01-01)", "1.2.1 (2027-01-01)", "1.2.0 stands above 1.2.1"),
    ("CHANGELOG.md", "(2027-01-15)", "(15.1.2027)", "neither Unreleased nor a version"),
    ("CHANGELOG.md", "(2027-01-15)", "(2027-02-30)", "day"),
    ("docs/releases.md", "Nothing to do.", "", "no upgrade notes"),
    ("docs/figures.md", "2026-12-24", "2026-09-24", "measure again"),
    ("docs/figures.md", "Measured on 2026-12-24", "Long ago", "does not say when"),
    ("pyproject.toml", 'dynamic = ["version"]', 'version = "9"', "a version of its own"),
])  # fmt: skip
def test_what_is_missing_in_a_text_is_named(
    tmp_path: Path, name: str, before: str, after: str, wanted: str
) -> None:
    candidate = Candidate(tmp_path, "1.2.0")
    (tmp_path / "docs").mkdir()
    texts = WRITTEN | {"pyproject.toml": (ROOT / "pyproject.toml").read_text()}
    assert before in texts[name]
    texts[name] = texts[name].replace(before, after)
    for place, text in texts.items():
        (tmp_path / place).write_text(text)
    quick = [check for title, check in checks.CHECKS.items()
             if title in ("version", "changelog", "upgrade notes", "figures")]  # fmt: skip
    found = [words for check in quick for words in checks._asked(check, candidate)]
    assert found, wanted
    assert any(wanted in words for words in found), found


@pytest.mark.thorough
def test_a_tree_that_is_not_committed_and_a_tag_that_is_elsewhere_are_named(
    candidate: Candidate,
) -> None:
    (candidate.root / "new.txt").write_text("new")
    status, words = said(candidate)
    assert status == 1
    assert "1 files are not committed, the first: ?? new.txt" in words
    commit(candidate.root)
    assert "the tag v1.2.0 names another commit" in " ".join(checks.tag(candidate))
    assert "git tag -a v7.0.0" in " ".join(checks.tag(Candidate(candidate.root, "7.0.0")))
    commit_without_words = ["git", "-C", str(candidate.root), "tag", "-f", "v1.2.0"]
    subprocess.run(commit_without_words, check=True, capture_output=True)
    assert "does not say who set it" in " ".join(checks.tag(candidate))


def test_a_migration_that_stops_older_versions_has_to_stand_in_the_notes(
    candidate: Candidate,
) -> None:
    folder = candidate.root / "room" / "migrations"
    folder.mkdir(parents=True)
    (folder / "0007_narrower.py").write_text('OLDER_VERSIONS = "a column goes"\n')
    commit(candidate.root, tag="v1.2.0")
    assert "0007_narrower.py says OLDER_VERSIONS" in " ".join(checks.migrations(candidate))
    notes = candidate.root / "docs/releases.md"
    notes.write_text(notes.read_text().replace("Nothing to do.", "Stop web: 0007_narrower."))
    commit(candidate.root, tag="v1.2.0")
    assert list(checks.migrations(candidate)) == []


@pytest.mark.thorough
def test_a_package_that_the_list_of_parts_lacks_is_named(
    candidate: Candidate, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = candidate.root / "requirements/prod.txt"
    lock.write_text(lock.read_text() + "\nbare==1.0\n")  # without a hash
    assert list(checks.parts(candidate)) == ["the list of parts lacks bare==1.0"]


@pytest.mark.thorough
def test_the_command_says_in_one_line_what_it_can_not_do(tmp_path: Path) -> None:
    for words in ([], ["--check", "--build", str(tmp_path)], ["--often"]):
        done = subprocess.run([sys.executable, str(ROOT / "run.py"), "release", *words],
                              capture_output=True, text=True)  # fmt: skip
        assert done.returncode == 2
        assert done.stderr.startswith("run.py: ")
        assert done.stderr.count("\n") == 1


def test_our_own_changelog_and_version_are_in_order() -> None:
    sections = changelog.read((ROOT / "CHANGELOG.md").read_text())
    assert changelog.faults(sections) == []
    assert sections[1].version == VERSION
    assert checks._notes(Candidate(ROOT, VERSION))
