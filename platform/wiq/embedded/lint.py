"""``run.py lint``: all checks besides the tests."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from wiq.embedded import dependency_audit
from wiq.embedded.console import report_on, say
from wiq.embedded.signals import end_by_signal
from wiq.embedded.stack import ROOT, servers
from wiq.embedded.state import State

PYTHON = sys.executable
BIN = Path(sys.executable).parent
CODE = ["platform", "tenants", "directory", "api", "tests", "bench", "docs", "run.py", "manage.py"]
CHECKS: dict[str, list[str]] = {
    "format": [str(BIN / "ruff"), "format", "--check", *CODE],
    "rules": [str(BIN / "ruff"), "check", *CODE],
    "imports between layers": [str(BIN / "lint-imports")],
    "types": [PYTHON, "-m", "mypy"],
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
    with tempfile.TemporaryDirectory(prefix="wiq-lint-") as folder:
        Path(folder).chmod(0o755)
        with servers(State(Path(folder) / "state"), throwaway=True) as stack:
            stack.environment.setdefault("EMAIL_URL", "smtp://127.0.0.1:25")
            commands = CHECKS | {
                name: [PYTHON, str(ROOT / "manage.py"), *arguments]
                for name, arguments in DJANGO.items()
            }
            failed = [
                name
                for name, command in commands.items()
                if not passes(name, command, stack.environment)
            ]
    if not audited():
        failed.append("known holes in dependencies")
    say(f"lint: {', '.join(failed)} failed" if failed else "lint: all good")
    return 1 if failed else 0


def audited() -> bool:
    """Check for known vulnerabilities; print a summary and each of them."""
    result = dependency_audit.audit(ROOT)
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
    say(f"  {name} ... {'ok' if passed else 'FAILED'} ({time.monotonic() - started:.1f} s)")
    if not passed:
        say(result.stdout + result.stderr)
    return passed
