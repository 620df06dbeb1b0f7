"""run.py starts PostgreSQL also for a root whose umask opens nothing to others."""

import os
import stat
from pathlib import Path

from wiq.embedded import postgres


def test_the_servers_user_gets_through_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        for folder in (tmp_path / "wiq", tmp_path / "wiq" / "state-1"):
            postgres._open_way(folder)
            assert stat.S_IMODE(folder.stat().st_mode) == 0o755
    finally:
        os.umask(before)
