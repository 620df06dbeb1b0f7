"""What git says of the tree that is to be released."""

import subprocess
from pathlib import Path


class NoRepository(RuntimeError):
    """There is no git, or the folder is no clone."""


def ask(root: Path, *words: str) -> str:
    """Return what ``git WORDS`` prints. Raises NoRepository where git does not answer."""
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *words], capture_output=True, text=True, check=True
        )
    except FileNotFoundError:
        raise NoRepository("git is not installed") from None
    except subprocess.CalledProcessError as error:
        last = (error.stderr.strip().splitlines() or ["git failed"])[-1]
        raise NoRepository(last) from None
    return done.stdout.strip()


def head(root: Path) -> str:
    """Return the commit that is checked out."""
    return ask(root, "rev-parse", "HEAD")


def tagged(root: Path, tag: str) -> str:
    """Return the commit that a tag names; "" where there is none."""
    return ask(root, "for-each-ref", "--format=%(*objectname)%(objectname)", f"refs/tags/{tag}")[
        :40
    ]


def is_annotated(root: Path, tag: str) -> bool:
    """Tell whether a tag says by whom and when it was set."""
    return ask(root, "for-each-ref", "--format=%(objecttype)", f"refs/tags/{tag}") == "tag"


def changed(root: Path) -> list[str]:
    """Return the files that are not as they were committed, or not committed at all."""
    return ask(root, "status", "--porcelain", "--untracked-files=all").splitlines()


def last_tag(root: Path) -> str:
    """Return the newest version's tag before this commit; "" where there is none."""
    found = ask(root, "tag", "--no-contains", "HEAD", "--merged", "HEAD", "--list", "v*",
                "--sort=-version:refname")  # fmt: skip
    return (found.splitlines() or [""])[0]


def files_since(root: Path, tag: str) -> list[str]:
    """Return the files that came since a tag."""
    return ask(root, "diff", "--name-only", "--diff-filter=A", tag, "HEAD").splitlines()


def archive(root: Path, target: Path, prefix: str) -> None:
    """Write the commit's files as a tar archive, byte for byte the same wherever it is made."""
    ask(root, "archive", "--format=tar", f"--prefix={prefix}/", f"--output={target}", "HEAD")
