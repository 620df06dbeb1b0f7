"""docs/security.md can't drift: every requirement stands there once, every named test exists."""

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
# How many requirements of levels 1 and 2 each section of ASVS 5.0.0 has; they are numbered from 1.
SECTIONS = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1,
    "3.2": 2, "3.3": 4, "3.4": 6, "3.5": 5, "3.7": 2, "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4,
    "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3, "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5,
    "6.6": 3, "6.8": 4, "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2, "8.1": 2,
    "8.2": 3, "8.3": 1, "8.4": 1, "9.1": 3, "9.2": 4, "10.1": 2, "10.2": 2, "10.3": 4, "10.4": 11,
    "10.5": 5, "10.6": 2, "10.7": 3, "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1,
    "11.6": 1, "12.1": 3, "12.2": 2, "12.3": 4, "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5,
    "14.1": 2, "14.2": 4, "14.3": 3, "15.1": 3, "15.2": 3, "15.3": 7, "16.1": 1, "16.2": 5,
    "16.3": 4, "16.4": 3, "16.5": 3, "17.1": 1, "17.2": 4, "17.3": 2,
}  # fmt: skip
ROW = re.compile(r"^\| (V[\d.]+) \| (.+) \| (.+) \|$", re.MULTILINE)
TEST = re.compile(r"`([\w/]+\.py)::(test_\w+)`")


def requirements() -> set[str]:
    return {f"V{section}.{n}" for section, last in SECTIONS.items() for n in range(1, last + 1)}


def test_every_requirement_of_levels_1_and_2_stands_there_once() -> None:
    named = Counter(re.findall(r"^\| (V[\d., V]+) \|", PAGE, re.MULTILINE))
    found = Counter(each for cell in named.elements() for each in cell.split(", "))
    assert set(found) == requirements()
    assert max(found.values()) == 1


def test_every_line_names_a_test_that_exists_or_says_what_is_weaker_or_where_it_stands() -> None:
    rows = ROW.findall(PAGE)
    assert len(rows) > 150
    for number, _, shown_by in rows:
        tests = TEST.findall(shown_by)
        assert tests or shown_by.startswith(("written down: ", "**weaker:** ")), number
        for file, name in tests:
            source = (ROOT / "tests" / file).read_text(encoding="utf-8")
            assert f"def {name}(" in source, f"{number}: {file}::{name}"


def test_what_is_written_down_in_this_page_is_there() -> None:
    headings = set(re.findall(r"^## (.+)$", PAGE, re.MULTILINE))
    here = {text for text in re.findall(r"written down: (.+?) \|", PAGE) if text in headings}
    assert here == {"Rules of this project", "What we protect, and from whom"}


def test_no_weak_hash_is_used() -> None:
    sources = [
        path
        for room in ("platform", "tenants", "directory", "api")
        for path in (ROOT / room).rglob("*.py")
    ]
    assert len(sources) > 100
    weak = re.compile(r"\b(md5|sha1)\b", re.IGNORECASE)
    assert not [path for path in sources if weak.search(path.read_text(encoding="utf-8"))]
