"""Comments and docstrings fit into a line, and nothing refers to what is not in the repository."""

import ast
import re
import subprocess
import tokenize
from collections.abc import Iterator
from io import StringIO

import pytest

from tests.house.test_layout import ROOT

MOST_COLUMNS = 100
CODE = ("platform/wiq", "tenants", "directory", "api", "bench", "run.py", "manage.py")
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
# Marks for tools stand behind code whose length the formatter decides.
MARK = re.compile(r"# (noqa|type|fmt|pragma)\b")
# The project was planned on pages of these names, which are no part of it.
ELSEWHERE = r"\b(domain|design|contract|language)\.md\b"


def tracked(*places: str) -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", *places], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def prose(source: str) -> Iterator[int]:
    """Yield the number of each line that holds a comment or a part of a docstring."""
    for token in tokenize.generate_tokens(StringIO(source).readline):
        if token.type == tokenize.COMMENT and not MARK.match(token.string):
            yield token.start[0]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
            yield from range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1)


def too_long(source: str) -> list[int]:
    """Return the lines of prose that are too long; an address alone on its line can't be broken."""
    lines = source.split("\n")
    return [
        number
        for number in sorted(set(prose(source)))
        if len(lines[number - 1]) > MOST_COLUMNS and len(lines[number - 1].split()) > 1
    ]


def elsewhere(name: str) -> list[str]:
    text = (ROOT / name).read_bytes().decode("utf-8", errors="replace")
    return [f"{name}: {found[0]}" for found in re.finditer(ELSEWHERE, text, re.IGNORECASE)]


def test_comments_and_docstrings_fit_into_a_line() -> None:
    names = [n for n in tracked(*CODE) if n.endswith(".py") and "/migrations/" not in n]
    assert len(names) > 200
    found = [
        f"{name}:{number}"
        for name in names
        for number in too_long((ROOT / name).read_text(encoding="utf-8"))
    ]
    assert found == []


def test_nothing_refers_to_pages_outside_the_repository() -> None:
    assert [found for name in tracked() for found in elsewhere(name)] == []


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        (f'"""{"word " * 30}"""\n', [1]),
        (f'def f():\n    """Short.\n\n    {"word " * 30}\n    """\n', [4]),
        (f"x = 1\n# {'word ' * 30}\n", [2]),
        (f"x = 1  # {'word ' * 30}\n", [1]),
        (f"x = '{'word ' * 30}'\n", []),
        (f"x = '{'word ' * 30}'  # noqa: E501\n", []),
        (f'"""See\n\nhttps://example.org/{"word" * 30}\n"""\n', []),
    ],
)
def test_a_long_line_of_prose_is_found_and_code_is_not(source: str, lines: list[int]) -> None:
    assert too_long(source) == lines
