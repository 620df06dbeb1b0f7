"""The glossary: what stands in it, and what linking its words does to a text."""

import pytest

from directory.pages import services as pages
from directory.pages.models import Text
from directory.people import services as people
from directory.solutions import services as solutions
from tests.cast import ACTOR, District
from tests.pages.test_resident_pages import read
from wiq.audit.models import Entry

EVIL = "Der Fokus <script>alert(1)</script> & <b>mehr</b>"
SHOWN = "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;mehr&lt;/b&gt;"


def add_word(district: District) -> None:
    with district.inside():
        pages.create_text(
            actor=ACTOR, kind="glossary", slug="wort-fokus", title="Fokus", body="Worum es geht."
        )


@pytest.mark.parametrize("with_words", [False, True])
def test_signs_in_a_text_stay_signs_with_words_of_the_glossary_and_without(
    nord: District, with_words: bool
) -> None:
    if with_words:
        add_word(nord)
    with nord.inside():
        team = nord.solution_team()
        team.challenge, team.approach = EVIL, EVIL
        solutions.save(team, actor=ACTOR)
        solutions.add_update(actor=ACTOR, solution_team=team, text=EVIL)
        group = nord.team()
        group.description = EVIL
        people.save(group, actor=ACTOR)
    for path in ("/loesungsteams/baeume/", "/neuigkeiten/", "/menschen/unterstuetzungsteam/"):
        page = read(nord, path)
        assert SHOWN in page
        assert "<script>alert" not in page
        assert page.count('href="/glossar/#wort-fokus"') == (1 if with_words else 0)


@pytest.mark.parametrize("kind", ["checklist", "mail", "legal"])
def test_what_is_for_the_desk_is_no_word_of_the_glossary(nord: District, kind: str) -> None:
    add_word(nord)
    with nord.inside():
        pages.create_text(actor=ACTOR, kind=kind, slug="intern", title="Bäume", body="Nur intern.")
        team = nord.solution_team()
        team.challenge = "Bäume im Fokus."
        solutions.save(team, actor=ACTOR)
    page = read(nord, "/glossar/")
    assert "Worum es geht." in page
    assert "Nur intern." not in page
    assert "#intern" not in read(nord, "/loesungsteams/baeume/")


def test_a_removed_word_is_linked_no_more_and_the_log_says_who_did_it(nord: District) -> None:
    add_word(nord)
    with nord.inside():
        team = nord.solution_team()
        team.challenge = "Der Fokus."
        solutions.save(team, actor=ACTOR)
        word = Text.objects.get()
        word.body = "Anders."
        pages.save(word, actor="kim")
        assert "Anders." in read(nord, "/glossar/")
    with nord.inside():
        pages.remove(word, actor="kim")
        actions = Entry.objects.filter(actor="kim").order_by("pk").values_list("action", flat=True)
        assert list(actions) == ["text.updated", "text.deleted"]
    assert "wort-fokus" not in read(nord, "/loesungsteams/baeume/")
