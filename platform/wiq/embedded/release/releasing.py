"""``run.py release --check`` and ``run.py release --build FOLDER``."""

from pathlib import Path

from wiq.embedded.console import Unusable, say
from wiq.embedded.release import building, checks, git
from wiq.embedded.stack import ROOT
from wiq.version import VERSION


def run(folder: Path | None) -> int:
    """Write what is published into ``folder``; without one, say whether anything is missing.

    Returns 0, or 1 where a check failed. Raises Unusable (status 2) where git does not answer.
    """
    if folder is not None:
        files = building.build(ROOT, folder.resolve(), VERSION)
        say(f"release: {len(files)} files of {VERSION} in {folder}")
        return 0
    try:
        return checks.run(checks.Candidate(ROOT, VERSION))
    except git.NoRepository as error:
        raise Unusable(f"release: {error}") from None
