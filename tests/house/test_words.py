"""One word for each thing (docs/words.md), and nothing torn apart at the end of a line."""

import json
import re
from collections.abc import Iterator

import pytest
from babel.messages.pofile import read_po

from tests.house.test_layout import ROOT
from wiq.web.typography import NBSP, bind

LOCALE = ROOT / "platform" / "wiq" / "locale"
CODE = re.compile(r"\{#.*?#\}|\{%.*?%\}|<script.*?</script>|<style.*?</style>|<[^>]*>", re.DOTALL)


def never(language: str) -> list[re.Pattern[str]]:
    """Return what docs/words.md says that is never said in a language."""
    text = (ROOT / "docs" / "words.md").read_text(encoding="utf-8")
    part = text.split(f"## {language}\n")[1].split("\n## ")[0]
    rows = [line.split(" | ")[0] for line in part.splitlines() if line.startswith("| `")]
    words = [word.replace("\\|", "|") for row in rows for word in re.findall(r"`([^`]+)`", row)]
    return [re.compile(word) for word in words]


GERMAN, ENGLISH = never("German"), never("English")


def entries(language: str) -> Iterator[tuple[str, str]]:
    with open(LOCALE / language / "LC_MESSAGES" / "django.po", "rb") as opened:
        for entry in read_po(opened, locale=language):
            if entry.id:
                ids = [entry.id] if isinstance(entry.id, str) else list(entry.id)
                said = [entry.string] if isinstance(entry.string, str) else list(entry.string)
                yield from zip(ids, said, strict=False)


def texts(found: object) -> Iterator[str]:
    """Yield all texts of a JSON file."""
    if isinstance(found, str):
        yield found
    elif isinstance(found, dict):
        for value in found.values():
            yield from texts(value)
    elif isinstance(found, list):
        for value in found:
            yield from texts(value)


def of_files(field: str) -> Iterator[str]:
    """Yield the German or English texts of the newest kit and of the demo districts."""
    kits = sorted((ROOT / "tenants" / "kit" / "data").glob("kit-*.json"))
    seeds = sorted((ROOT / "tenants" / "transfer" / "seeds").glob("*/district.json"))
    lines = sorted((ROOT / "tenants" / "transfer" / "seeds").glob("*/rows/*.jsonl"))
    found = [json.loads(file.read_text(encoding="utf-8")) for file in [kits[-1], *seeds]]
    for file in lines:
        found += [
            json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line
        ]
    for row in rows(found):
        for name, value in row.items():
            if isinstance(value, str) and name.endswith("_en") == (field == "en"):
                yield value


def rows(found: object) -> Iterator[dict[str, object]]:
    if isinstance(found, dict):
        yield found
        for value in found.values():
            yield from rows(value)
    elif isinstance(found, list):
        for value in found:
            yield from rows(value)


def german() -> set[str]:
    templates = [
        CODE.sub(" ", path.read_text(encoding="utf-8"))
        for folder in ("platform", "tenants", "directory")
        for path in sorted((ROOT / folder).rglob("templates/**/*"))
        if path.suffix in (".html", ".txt")
    ]
    return {
        *(first for first, _second in entries("en")),
        *(second for _first, second in entries("de")),
        *templates,
        *of_files("de"),
    }


def english() -> set[str]:
    return {*(second for _first, second in entries("en")), *of_files("en")}


def said_anyway(texts_: set[str], words: list[re.Pattern[str]]) -> list[str]:
    return sorted(
        f"{word.pattern}: {' '.join(text.split())[:90]}"
        for text in texts_
        for word in words
        if word.search(text)
    )


def test_no_german_sentence_uses_a_word_that_is_never_used() -> None:
    assert len(GERMAN) > 25
    assert said_anyway(german(), GERMAN) == []


def test_no_english_sentence_does() -> None:
    assert len(ENGLISH) > 8
    assert said_anyway(english(), ENGLISH) == []


def test_what_belongs_together_stays_together_in_both_languages() -> None:
    pairs = [*entries("en"), *entries("de")]
    sentences = {*(second for _one, second in pairs), *(first for first, _two in entries("en"))}
    assert [text for text in sorted(sentences) if bind(text) != text] == []


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("am 27. November 2026", "am 27.~November 2026"),
        ("on 27 November 2026", "on 27~November 2026"),
        ("höchstens 5 MB", "höchstens 5~MB"),
        ("§ 18 Abs. 2 MStV", "§~18 Abs.~2 MStV"),
        ("um 23:24 Uhr", "um 23:24~Uhr"),
        ("0177 - 26 79 408", "0177~-~26~79~408"),
        ("+49 (0) 341 123 45", "+49~(0)~341~123~45"),
        ("Tel. 0341/12 34 56 oder so", "Tel. 0341/12~34~56 oder so"),
        ("3 % und 20 € und z. B. das", "3~% und 20~€ und z.~B. das"),
        ("Artikel 6 Absatz 1 Buchstabe f", "Artikel~6 Absatz~1 Buchstabe~f"),
        ("2020 bis 2022, 10 Menschen", "2020 bis 2022, 10 Menschen"),
        ("Wir sind 5 Mütter", "Wir sind 5 Mütter"),
        ("0 Punkte", "0 Punkte"),
    ],
)
def test_a_number_is_bound_to_what_it_counts(typed: str, shown: str) -> None:
    assert bind(typed).replace(NBSP, "~") == shown
    assert bind(bind(typed)) == bind(typed)
