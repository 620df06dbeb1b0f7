"""What Django, allauth and Unfold say on our pages is read, and said in our words."""

import html
import re
from collections.abc import Iterator
from typing import Any

import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.test import Client
from django.utils import translation

from tests.cast import District, form, idea_form, project_team
from tests.house.test_words import CODE, ENGLISH, GERMAN

pytestmark = pytest.mark.thorough
# Written in the letters of each language, or no words at all.
LEFT = re.compile(
    r"^[\W\d_]*$|^[a-z_]+ [a-z_]+ format$|^(?:January|February|March|April|May|June|July|August|September|October|November|December|Mo|Tu|We|Th|Fr|Sa|Su|Mon|Tue|Wed|Thu|Fri|Sat|Sun|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\.?$"
)
LINK = re.compile(r'(?:href|action)="(/[^"#]*)')
AWAY = re.compile(
    r"/static/|logout|abmelden|/api/|\.xml|\.ics|/feed|/bild|/media|besuch-beenden|/en/"
)


def catalogue(language: str) -> set[str]:
    file = settings.LOCALE_PATHS[0] / language / "LC_MESSAGES" / "django.po"
    with open(file, "rb") as opened:
        entries = [entry.id for entry in read_po(opened, locale=language) if entry.id]
    return {one for entry in entries for one in ([entry] if isinstance(entry, str) else entry)}


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """Collect every sentence that is looked up in a catalogue, with where."""
    found: dict[str, str] = {
        "at": "",
    }
    looked_up = translation._trans

    def noting(name: str) -> Any:
        real = getattr(looked_up, name)

        def noted(*words: Any) -> Any:
            message = words[1] if name in ("pgettext", "npgettext") else words[0]
            if translation.get_language() == "de":
                found.setdefault(str(message), found["at"])
            return real(*words)

        return noted

    for name in ("gettext", "ngettext", "pgettext", "npgettext"):
        monkeypatch.setattr(looked_up, name, noting(name))
    yield found


def walk(client: Client, said: dict[str, str], *starts: str, most: int = 400) -> list[str]:
    """Open pages and follow their links; return those that were opened."""
    waiting, seen = list(starts), set(starts)
    while waiting and len(seen) < most:
        said["at"] = path = waiting.pop(0)
        answer = client.get(path)
        if answer.status_code != 200 or "html" not in answer.headers.get("content-type", ""):
            continue
        shown = html.unescape(CODE.sub(" ", answer.content.decode()))
        words = GERMAN if "/en/" not in path else ENGLISH
        said.setdefault("wrong", "")
        said["wrong"] += "".join(
            f"{path}: {word.pattern}: {found[0]}\n"
            for word in words
            if (found := word.search(shown))
        )
        kinds = {re.sub(r"\d+", "N", one.partition("?")[0]) for one in seen}
        for link in LINK.findall(answer.content.decode()):
            link = link.replace("&amp;", "&")
            kind = re.sub(r"\d+", "N", link.partition("?")[0])
            if not AWAY.search(link) and kind not in kinds:
                kinds.add(kind)
                seen.add(link)
                waiting.append(link)
    return sorted(seen)


def test_every_library_sentence_on_our_pages_has_our_translation(
    nord: District, said: dict[str, str]
) -> None:
    nord.client().post("/kontakt/", form())
    nord.client().post("/idee/", idea_form())
    desk = nord.signed_in("coordinator")
    pages = walk(desk, said, "/koordination/", "/", "/anmelden/", "/konto/", "/anmelden/gesperrt/")
    visitor = walk(nord.client(), said, "/anmelden/", "/anmelden/passwort/vergessen/")
    said["at"] = "post"
    nord.client().post("/anmelden/", {"login": "x", "password": "y"})
    nord.client().post("/anmelden/", {})
    console = Client(headers={"host": "localhost"}, raise_request_exception=False)
    console.force_login(project_team())
    rest = walk(console, said, "/plattform/", "/")
    assert len(pages) + len(visitor) + len(rest) > 100
    ours = catalogue("en") | catalogue("de")
    foreign = {
        message: at for message, at in said.items()
        if message not in ours and message not in ("at", "wrong") and not LEFT.match(message) and message.strip()
    }  # fmt: skip
    assert foreign == {}
    assert said.get("wrong", "") == ""
