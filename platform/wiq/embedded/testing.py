"""``run.py test``: pytest with its own PostgreSQL, Valkey and mail catcher."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from wiq.embedded import browser, clock
from wiq.embedded.console import StopRequested, say
from wiq.embedded.signals import end_by_signal
from wiq.embedded.stack import ROOT, servers
from wiq.embedded.state import State

# Tests always use the embedded servers, even if the caller's environment names others.
OF_THE_CALLER = (
    *("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "WIQ_DOMAIN", "WIQ_STATE", "WIQ_ENV"),
    *("SECRET_KEY", "WIQ_MEDIA_URL", "WIQ_TRUSTED_PROXIES", "SENTRY_DSN", "WIQ_DEMO_PASSWORD"),
    *("WIQ_METRICS_PORT", "WIQ_METRICS_HOST", "WIQ_METRICS_PER_DISTRICT"),
    *("SECRET_KEY_FALLBACKS", "WIQ_INBOUND_URL", "WIQ_INBOUND_TOKEN", "WIQ_REPLY_DOMAIN"),
    *("WIQ_INBOUND_AUTHSERV", "OTEL_EXPORTER_OTLP_ENDPOINT"),
)


def run(arguments: list[str]) -> int:
    """Run the suite and return pytest's exit status; with ``--clock``, at each of its moments."""
    if "--clock" in arguments:
        return run_at_every_moment([word for word in arguments if word != "--clock"])
    return run_once(arguments)


def run_at_every_moment(arguments: list[str]) -> int:
    """Run the suite at each of the clock's moments; return 1 if one of the runs failed."""
    failed = []
    with tempfile.TemporaryDirectory(prefix="wiq-clock-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        environment = os.environ | clock.reading(clock.make_library(folder), folder / "ahead")
        command = [sys.executable, "-m", "wiq.embedded", "test", *arguments]
        for name, moment in clock.MOMENTS.items():
            say(f"--- {name}: {moment:%d %B %Y, %H:%M} in Berlin")
            clock.put_ahead(folder / "ahead", clock.span_until(moment))
            if subprocess.run(command, env=environment).returncode:
                failed.append(name)
    say(f"--- failed: {', '.join(failed)}" if failed else "--- passed at every moment")
    return 1 if failed else 0


def run_once(arguments: list[str]) -> int:
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
