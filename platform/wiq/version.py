"""Which version of the platform runs: the only place that says so.

``pyproject.toml`` reads the number from here; doctor, console, Sentry and traces show it;
``run.py release --check`` compares it with changelog and tag (docs/releases.md). The commit comes
from WIQ_COMMIT, which the image is built with, else from the checkout.
"""

import os
from functools import cache
from pathlib import Path

VERSION = "0.6.0"
ROOT = Path(__file__).resolve().parents[2]
NAME = "wiq"
COMMIT_LETTERS = 12


@cache
def commit() -> str:
    """Return the first letters of the commit that runs; empty where nobody knows it."""
    named = os.environ.get("WIQ_COMMIT") or _checked_out(ROOT / ".git")
    return named[:COMMIT_LETTERS]


def _checked_out(folder: Path) -> str:
    """Read the commit of a checkout as gitrepository-layout(5) says: git need not be there."""
    try:
        head = (folder / "HEAD").read_text(encoding="ascii").strip()
        if not head.startswith("ref: "):
            return head
        branch = head.removeprefix("ref: ")
        loose = folder / branch
        if loose.exists():
            return loose.read_text(encoding="ascii").strip()
        packed = (folder / "packed-refs").read_text(encoding="ascii").splitlines()
    except (OSError, ValueError):
        return ""
    return next((line.split()[0] for line in packed if line.endswith(f" {branch}")), "")


def release() -> str:
    """Return number and commit as Sentry reads them: ``wiq@0.1.0+2f1c7d9be04a``.

    https://docs.sentry.io/platforms/python/configuration/releases/
    """
    return f"{NAME}@{VERSION}" + (f"+{commit()}" if commit() else "")
