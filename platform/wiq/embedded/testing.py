"""``run.py test``: pytest on a PostgreSQL, a Valkey and a mail catcher of its own."""

import os
import shutil
import sys
import tempfile
from pathlib import Path

from wiq.embedded import browser
from wiq.embedded.console import StopRequested, say
from wiq.embedded.signals import end_by_signal
from wiq.embedded.stack import ROOT, servers
from wiq.embedded.state import State

# The servers of the tests are the embedded ones, whatever the caller's environment names.
OF_THE_CALLER = (
    *("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "WIQ_DOMAIN", "WIQ_STATE", "WIQ_ENV"),
    *("SECRET_KEY", "WIQ_MEDIA_URL", "WIQ_TRUSTED_PROXIES", "SENTRY_DSN", "WIQ_DEMO_PASSWORD"),
)


def run(arguments: list[str]) -> int:
    """Run the suite and return pytest's exit status."""
    for name in OF_THE_CALLER:
        os.environ.pop(name, None)
    chromium = browser.find_or_install()
    if chromium:
        os.environ["CHROMIUM"] = chromium
    folder = Path(tempfile.mkdtemp(prefix="wiq-test-"))
    folder.chmod(0o755)
    state = State(folder / "state")

    end_by_signal()
    try:
        with servers(state, throwaway=True) as stack:
            stack.start_catcher()
            stack.environment["WIQ_TEST_SERVERS"] = "1"
            os.chdir(ROOT)
            return stack.run([sys.executable, "-m", "pytest", *arguments])
    except StopRequested:
        say("stopped")
        return 130
    finally:
        shutil.rmtree(folder, ignore_errors=True)
