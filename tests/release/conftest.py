"""A clone that could be released, small enough to be made for each test."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.stack.running import ROOT
from wiq.embedded.release.checks import Candidate

COPIED = ("pyproject.toml", "requirements/prod.txt", "requirements/build.txt",
          "platform/deploy/Dockerfile", "LICENSE", "README.md")  # fmt: skip
WRITTEN = {
    "CHANGELOG.md": "# Changelog\n\n## Unreleased\n\n## 1.2.0 (2027-01-15)\n- New.\n\n"
    "## 1.1.9 (2027-01-01)\n- Old.\n",
    "docs/releases.md": "# Releases\n\n## Upgrade notes\n\n### 1.2.0\nNothing to do.\n",
    "docs/figures.md": "# Figures\n\nMeasured on 2026-12-24 with `bench`.\n",
}


def git(root: Path, *words: str) -> None:
    names = ("user.name=Kim", "user.email=kim@wiq.example", "init.defaultBranch=main",
             "commit.gpgSign=false", "tag.gpgSign=false")  # fmt: skip
    settings = [word for name in names for word in ("-c", name)]
    subprocess.run(["git", "-C", str(root), *settings, *words], check=True, capture_output=True)


def commit(root: Path, *, tag: str = "") -> None:
    git(root, "add", "-A")
    git(root, "commit", "-m", "something")
    if tag:
        git(root, "tag", "-f", "-a", tag, "-m", tag)


@pytest.fixture
def candidate(tmp_path: Path) -> Candidate:
    root = tmp_path / "clone"
    for name in COPIED:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, root / name)
    git(tmp_path, "init", str(root))
    (root / "old.txt").write_text("old")
    commit(root, tag="v1.1.9")
    for name, text in WRITTEN.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text)
    commit(root, tag="v1.2.0")
    return Candidate(root, "1.2.0")
