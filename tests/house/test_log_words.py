"""Every action that the code records reads as a sentence, in the log and in its filter."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

from wiq.audit import words
from wiq.audit.models import Entry
from wiq.audit.names import Names

ROOT = Path(__file__).parents[2]
FOLDERS = ("platform/wiq", "tenants", "directory", "api")
RECORDING = {"record_change", "record_event", "record_events"}


def recorded() -> Iterator[tuple[str, str]]:
    """Yield where the code records an action, and which; a part that varies is a star."""
    for folder in FOLDERS:
        for file in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and _name(node.func) in RECORDING and node.args:
                    yield f"{file.relative_to(ROOT)}:{node.lineno}", _said(node.args[0])


def _name(called: ast.expr) -> str:
    return called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")


def _said(given: ast.expr) -> str:
    if isinstance(given, ast.Constant):
        return str(given.value)
    if isinstance(given, ast.JoinedStr):
        return "".join(
            str(part.value) if isinstance(part, ast.Constant) else "*" for part in given.values
        )
    return ""  # passed on by a function whose callers say it


# The verbs of ``records.save``, which stand in a variable there.
VARIED = {"*.*": ("x.created", "x.updated")}
ACTIONS = sorted(
    {one for _place, action in recorded() for one in VARIED.get(action, (action,)) if one}
)


def test_the_code_is_read() -> None:
    assert {"*.reply", "*.state", "*.deleted", "kit.released"} <= set(ACTIONS)
    assert len(ACTIONS) > 50


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("language", ["de", "en"])
def test_what_is_recorded_reads_as_a_sentence(action: str, language: str) -> None:
    action = action.replace("*", "idea")
    entry = Entry(actor="kim", action=action, target_type="ideas.idea", target_id="7")
    with translation.override(language):
        said = words.in_words(entry, Names({"kim": "Sabine"}, {}))
        assert action not in said
        assert "%(" not in said
        assert action not in words.title(action)
    assert said[0].isupper() or said[0] == "„" or said.startswith("Nr."), said


def test_no_sentence_is_left_of_what_nobody_records() -> None:
    known = {*ACTIONS, *(f"*.{action.rpartition('.')[2]}" for action in ACTIONS)}
    assert {sentence.action for sentence in words.sentences} <= known
