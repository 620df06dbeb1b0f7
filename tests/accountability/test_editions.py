"""Wording has an edition and a source: whoever changes a text of the folder dates it anew."""

import json
import os
import re
from datetime import date
from hashlib import sha256
from pathlib import Path

from tenants.accountability.documents import DOCUMENTS, Document
from tests.house.test_layout import ROOT

TEXTS = ROOT / "tenants/accountability/templates/accountability/texts"
KEPT = Path(__file__).with_name("editions.json")
INCLUDED = re.compile(r'include "accountability/texts/(\w+)\.html"')
COMMENT = re.compile(r"{#.*?#}", re.DOTALL)
SOURCE = re.compile(r"GDPR|BfWebG|SächsDSDG")
# It says only that no lawyer was asked.
WITHOUT_SOURCE = {"_frame"}


def wording(name: str) -> str:
    """Return a text with all that it includes, without comments and breaks of lines."""
    text = (TEXTS / f"{name}.html").read_text(encoding="utf-8")
    parts = [COMMENT.sub("", text), *(wording(one) for one in INCLUDED.findall(text))]
    return " ".join(" ".join(parts).split())


def edition(document: Document) -> dict[str, str]:
    words = sha256(wording(document.template).encode()).hexdigest()
    return {"edition": document.edition.isoformat(), "wording": words}


def undated(
    now: dict[str, dict[str, str]], kept: dict[str, dict[str, str]], today: date
) -> list[str]:
    """Return the documents with other words than were kept, under an edition of an earlier day."""
    return [
        key
        for key, one in now.items()
        if key in kept
        and one["wording"] != kept[key]["wording"]
        and one["edition"] == kept[key]["edition"] != today.isoformat()
    ]


def test_a_text_that_changed_has_a_new_edition() -> None:
    now = {one.key: edition(one) for one in DOCUMENTS}
    kept = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    assert undated(now, kept, date.today()) == [], "set a new edition in documents.py"
    if os.environ.get("WIQ_WRITE_DOCS"):
        KEPT.write_text(json.dumps(now, indent=1) + "\n")
    assert json.loads(KEPT.read_text()) == now, "WIQ_WRITE_DOCS=1 keeps the new wording"


def test_words_that_changed_under_an_old_date_are_noticed() -> None:
    kept = {"vertrag": {"edition": "2026-12-01", "wording": "a"}}
    changed = {"vertrag": {"edition": "2026-12-01", "wording": "b"}}
    dated = {"vertrag": {"edition": "2027-03-01", "wording": "b"}}
    assert undated(changed, kept, date(2027, 3, 1)) == ["vertrag"]
    assert undated(dated, kept, date(2027, 3, 1)) == []
    assert undated(kept, kept, date(2027, 3, 1)) == []
    # On the day of an edition its words are still being found.
    assert undated(changed, kept, date(2026, 12, 1)) == []


def test_each_text_names_its_legal_source_in_a_comment() -> None:
    for file in TEXTS.glob("*.html"):
        comments = " ".join(COMMENT.findall(file.read_text(encoding="utf-8")))
        assert SOURCE.search(comments) or file.stem in WITHOUT_SOURCE, file.name
