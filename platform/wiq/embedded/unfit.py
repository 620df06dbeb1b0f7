"""Refuses settings that the platform can't start with, before anything is made or started."""

import os
import subprocess
import sys

from wiq.embedded.console import Unusable

# What run.py sets itself where the environment does not name it.
SET_BY_US = {
    "SECRET_KEY": "x" * 64,
    "DATABASE_URL": "postgres://wiq@localhost/wiq",
    "REDIS_URL": "redis://localhost",
    "EMAIL_URL": "smtp://localhost:25",
    "WIQ_ENV": "development",
}
SECONDS = 30


def check_settings() -> None:
    """Read the settings in a process of their own. Raises Unusable with the reason in one line.

    The supervisor itself knows nothing of Django, so that it stays small.
    """
    asked = subprocess.run(
        [sys.executable, "-c", "import wiq.settings"],
        env=SET_BY_US | os.environ, capture_output=True, text=True, timeout=SECONDS,
    )  # fmt: skip
    if asked.returncode:
        kind, _colon, reason = asked.stderr.strip().splitlines()[-1].partition(": ")
        told = kind.endswith("ImproperlyConfigured")
        raise Unusable(reason if told else f"the settings can't be read ({kind}: {reason})")
