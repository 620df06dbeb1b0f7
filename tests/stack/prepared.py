"""What a first start leaves behind, made once for all tests: a stack that begins with it is quick.

The first start itself is shown by the stack of tests/conftest.py and by those without the demo.
"""

import shutil
import subprocess
from pathlib import Path

from tests.once import made_once
from tests.stack.running import ROOT, RunningStack
from wiq.embedded.fingerprint import fingerprint
from wiq.embedded.postgres import Postgres
from wiq.embedded.state import State


def prepared(state: Path) -> Path:
    """Fill a state folder with what a first start leaves, and return it."""
    kept = made_once("prepared", _start_once) / "state"
    # Where root's PostgreSQL can't enter the folder, its data lie elsewhere.
    if (kept / "postgresql").exists():
        subprocess.run(["cp", "-a", str(kept), str(state)], check=True)
        copied = State(state)
        address = Postgres(copied, copied.socket_folder()).url
        (state / "prepared").write_text(fingerprint(ROOT, address))
    return state


def _start_once(folder: Path) -> None:
    folder.chmod(0o755)
    first = RunningStack(folder / "state")
    try:
        first.start()
    finally:
        first.stop()
    shutil.rmtree(first.state / "log")
