"""``run.py lint``: all checks besides the tests."""

import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from wiq.embedded import dependency_audit
from wiq.embedded.console import report_on, say
from wiq.embedded.signals import end_by_signal
from wiq.embedded.stack import ROOT, servers
from wiq.embedded.state import State

PYTHON = sys.executable
BIN = Path(sys.executable).parent
CODE = ["platform", "tenants", "directory", "api", "tests", "bench", "docs", "run.py", "manage.py"]
# Types take as long as all others together: they come first, and the others run beside them.
AT_ONCE = 2
CHECKS: dict[str, list[str]] = {
    "types": [PYTHON, "-m", "mypy"],
    "format": [str(BIN / "ruff"), "format", "--check", *CODE],
    "rules": [str(BIN / "ruff"), "check", *CODE],
    "imports between layers": [str(BIN / "lint-imports")],
    "templates": [str(BIN / "djlint"), "--lint", "--quiet", "platform", "directory", "tenants"],
}
DJANGO: dict[str, list[str]] = {
    "Django's checks": ["check", "--fail-level", "WARNING"],
    "missing migrations": ["makemigrations", "--check", "--dry-run"],
    "translations": ["messages", "--check"],
}


def run() -> int:
    """Run every check, show the output of those that fail; return 1 if one failed.

    The type checker loads Django's settings, which need the address of each server. So the
    checks run with servers started for them.
    """
    report_on(sys.stderr)
    end_by_signal()
    with (
        ThreadPoolExecutor(1) as asking,
        tempfile.TemporaryDirectory(prefix="wiq-lint-") as folder,
    ):
        # It waits for the index most of the time.
        audit = asking.submit(dependency_audit.audit, ROOT)
        Path(folder).chmod(0o755)
        with servers(State(Path(folder) / "state"), throwaway=True) as stack:
            stack.environment.setdefault("EMAIL_URL", "smtp://127.0.0.1:25")
            commands = CHECKS | {
                name: [PYTHON, str(ROOT / "manage.py"), *arguments]
                for name, arguments in DJANGO.items()
            }
            failed = failures(commands, stack.environment)
        if not report(audit.result()):
            failed.append("known holes in dependencies")
    say(f"lint: {', '.join(failed)} failed" if failed else "lint: all good")
    return 1 if failed else 0


def failures(commands: dict[str, list[str]], environment: dict[str, str]) -> list[str]:
    """Run the checks, two at a time, and return the names of those that failed."""
    pool = ThreadPoolExecutor(AT_ONCE)
    try:
        ran = {
            name: pool.submit(passes, name, command, environment)
            for name, command in commands.items()
        }
        return [name for name, passed in ran.items() if not passed.result()]
    finally:
        pool.shutdown(cancel_futures=True)


def report(result: dependency_audit.Audit) -> bool:
    """Print what is known about holes in dependencies; tell whether there are none."""
    say(f"  known holes in dependencies ... {'ok' if result.passed else 'FAILED'}"
        f" ({result.summary()})")  # fmt: skip
    for hole in result.holes:
        say(f"    {hole}")
    return result.passed


def passes(name: str, command: list[str], environment: dict[str, str]) -> bool:
    """Run one check; print one line, and its output if it failed."""
    started = time.monotonic()
    result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    passed = result.returncode == 0
    line = f"  {name} ... {'ok' if passed else 'FAILED'} ({time.monotonic() - started:.1f} s)"
    # In one piece: another check may be speaking.
    say(line if passed else f"{line}\n{result.stdout}{result.stderr}")
    return passed
