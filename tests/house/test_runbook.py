"""Whoever is called at night finds each alarm and each warning in docs/howto/runbook.md."""

import ast
import re
from functools import cache
from pathlib import Path

from tenants.console.models import AlarmKind

ROOT = Path(__file__).parents[2]
RUNBOOK = (ROOT / "docs/howto/runbook.md").read_text(encoding="utf-8")
LOUD = {"warning", "error", "exception", "critical"}


@cache
def loud_events() -> set[str]:
    """Return the events that the code logs as a warning or worse."""
    found = set()
    for folder in ("platform/wiq", "tenants", "directory", "api"):
        for file in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Attribute)
                    and node.func.attr in LOUD
                    and isinstance(node.func.value, ast.Name)
                    and node.func.value.id in ("log", "logger")
                    and node.args
                    and isinstance(node.args[0], ast.Constant)
                ):
                    found.add(str(node.args[0].value))
    return found


def listed(heading: str) -> set[str]:
    """Return what the first column of a section's table names."""
    section = RUNBOOK.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return set(re.findall(r"^\| `([\w.]+)`", section, re.MULTILINE))


def test_every_warning_in_the_logs_says_what_to_do() -> None:
    assert len(loud_events()) > 10
    assert listed("In the logs") == loud_events()


def test_every_alarm_of_the_console_says_what_to_do() -> None:
    assert listed("On the console's first page") == set(AlarmKind.values)
