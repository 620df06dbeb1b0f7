"""News: a page and an Atom feed of what solution teams tell."""

from datetime import date
from xml.etree import ElementTree

from directory.solutions import services
from tests.cast import ACTOR, District

ATOM = "{http://www.w3.org/2005/Atom}"


def test_the_feed_is_atom_and_names_each_news_once(nord: District) -> None:
    with nord.inside():
        services.set_state(nord.solution_team(), "operating", actor=ACTOR, reason="Fertig & gut")
    response = nord.client().get("/neuigkeiten/feed/")
    assert response.headers["Content-Type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(response.content)
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == 2
    assert entries[0].findtext(f"{ATOM}title") == "Grüne Bäume Nordviertel: im Betrieb"
    assert entries[0].findtext(f"{ATOM}summary") == "<p>Fertig &amp; gut</p>"
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(set(ids)) == 2
    for entry in entries:
        link = entry.find(f"{ATOM}link")
        assert link is not None
        assert link.get("href") == "http://nord.localhost:8000/loesungsteams/baeume/"


def test_news_come_newest_first_in_pages(nord: District) -> None:
    with nord.inside():
        for day in range(1, 26):
            services.add_update(actor=ACTOR, solution_team=nord.solution_team(),
                                date=date(2024, 6, day), text=f"Nachricht {day:02}")  # fmt: skip
    first = nord.client().get("/neuigkeiten/").content.decode()
    assert first.index("Nachricht 25") < first.index("Nachricht 24")
    assert "Nachricht 01" not in first
    assert "Nachricht 01" in nord.client().get("/neuigkeiten/?seite=2").content.decode()
    assert nord.client().get("/neuigkeiten/?seite=99x").status_code == 200


def test_the_start_page_shows_what_runs_and_what_is_new(nord: District) -> None:
    text = nord.client().get("/").content.decode()
    assert "Grüne Bäume Nordviertel" in text
    assert "Hundert Bäume gegossen im Nordviertel." in text
    assert "Nachbarschaftsfest" not in text  # done


def test_a_feed_says_which_language_each_text_is_in(nord: District) -> None:
    with nord.inside():
        team = nord.solution_team()
        services.add_update(actor=ACTOR, solution_team=team, text="Nur deutsch.")
        services.add_update(actor=ACTOR, solution_team=team, text="Beides.", text_en="Both.")
    german = nord.client().get("/neuigkeiten/feed/").content.decode()
    english = nord.client().get("/en/neuigkeiten/feed/").content.decode()
    assert 'xml:lang="de"' in german.split(">")[1] + german.split(">")[2]
    assert '<summary type="html" xml:lang="en">&lt;p&gt;Both.' in english
    assert '<summary type="html" xml:lang="de">&lt;p&gt;Nur deutsch.' in english
    assert '<title xml:lang="de">' in english
