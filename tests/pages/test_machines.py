"""What search engines, feed readers and other people's pages are told, and where that ends."""

import json
import re
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest

from directory.people import services as people
from directory.people.dates import today
from directory.solutions import services as solutions
from directory.solutions.models import StateChange, Topic, Update
from tenants.districts import services as districts
from tenants.districts.models import Operator
from tests.cast import ACTOR, District, put
from tests.pages.test_news import ATOM
from tests.pages.test_resident_pages import read

MANY = "Nachricht"


def told(district: District, path: str) -> list[Any]:
    """Return what a page tells search engines."""
    return [
        json.loads(found)
        for found in re.findall(r'ld\+json">(.*?)</script>', read(district, path), re.DOTALL)
    ]


def feed(district: District) -> list[ElementTree.Element]:
    answer = district.client().get("/neuigkeiten/feed/")
    return ElementTree.fromstring(answer.content).findall(f"{ATOM}entry")


def write_news(district: District, number: int) -> None:
    with district.inside():
        team, day = district.solution_team(), today()
        Update.objects.bulk_create(
            Update(solution_team=team, text=f"{MANY} {at:02}", date=day - timedelta(days=at))
            for at in range(number)
        )


def test_a_map_of_the_site_follows_what_is_shown(nord: District) -> None:
    page = read(nord, "/sitemap.xml")
    assert "/menschen/unterstuetzungsteam/" in page
    assert "/loesungsteams/fest/" in page
    with nord.inside():
        team = nord.team()
        team.is_published = False
        people.save(team, actor=ACTOR)
        solutions.set_state(nord.solution_team("fest"), "draft", actor=ACTOR)
        solutions.set_state(nord.solution_team("entwurf"), "running", actor=ACTOR)
    page = read(nord, "/sitemap.xml")
    assert "/menschen/unterstuetzungsteam/" not in page
    assert "/loesungsteams/fest/" not in page
    assert "/loesungsteams/entwurf/" in page
    # The day of the latest news of the team.
    assert "<lastmod>2024-05-02</lastmod>" in page


def test_search_engines_are_kept_from_desk_interface_and_links_of_mails(nord: District) -> None:
    lines = read(nord, "/robots.txt").splitlines()
    for path in ("/koordination/", "/anmelden/", "/api/", "/kontakt/bearbeiten/"):
        assert f"Disallow: {path}" in lines


def test_a_demo_names_no_map_to_search_engines(nord: District) -> None:
    assert "Sitemap:" in read(nord, "/robots.txt")
    districts.update(nord.row, actor=ACTOR, is_demo=True)
    districts.lookup.forget_all()
    assert "Sitemap:" not in read(nord, "/robots.txt")


def test_words_of_a_team_end_no_script(nord: District) -> None:
    words = "</script><script>alert(1)</script>"
    with nord.inside():
        team = nord.solution_team()
        team.challenge = words
        solutions.save(team, actor=ACTOR)
    assert "<script>alert" not in read(nord, "/loesungsteams/baeume/")
    assert told(nord, "/loesungsteams/baeume/")[0]["description"] == words


def test_a_district_tells_its_traeger_and_no_number_it_does_not_have(nord: District) -> None:
    first = told(nord, "/")[0]
    assert (first["@type"], first["url"]) == ("Organization", "http://nord.localhost:8000/")
    assert not {"telephone", "logo", "parentOrganization"} & set(first)
    operator = districts.save_operator(Operator(legal_name="Bürgerverein Nord"), actor=ACTOR)
    districts.update(nord.row, actor=ACTOR, operator=operator, phone="0341 123")
    districts.lookup.forget_all()
    known = told(nord, "/")[0]
    assert known["parentOrganization"]["name"] == "Bürgerverein Nord"
    assert known["telephone"]


def test_whoever_took_back_being_found_by_name_is_named_to_no_search_engine(
    nord: District,
) -> None:
    path = "/menschen/unterstuetzungsteam/"
    with nord.inside():
        consent = people.record_consent(
            person=nord.person("ada"), actor=ACTOR, scope="search",
            given_on="2024-01-01", given_how="written",
        )  # fmt: skip
    assert [person["name"] for person in told(nord, path)[0]] == ["Ada Nord"]
    with nord.inside():
        people.withdraw_consent(consent, actor=ACTOR)
    assert "Ada Nord" not in str(told(nord, path))
    assert "Ada Nord" in read(nord, path)


def test_a_feed_tells_the_thirty_latest_and_links_of_each_kind_of_news_differ(
    nord: District,
) -> None:
    with nord.inside():
        solutions.set_state(nord.solution_team(), "paused", actor=ACTOR, reason="Sommer")
        change = StateChange.objects.get()
        Update.objects.create(pk=change.pk + 1000, solution_team=nord.solution_team(), text="Neu")
        StateChange.objects.create(
            pk=change.pk + 1000, solution_team=nord.solution_team(), from_state="paused",
            to_state="running", reason="Herbst", changed_by=ACTOR,
        )  # fmt: skip
    ids = [entry.findtext(f"{ATOM}id") for entry in feed(nord)]
    assert len(ids) == len(set(ids)) == 4
    write_news(nord, 40)
    entries = feed(nord)
    assert len(entries) == 30
    assert f"{MANY} 39" not in str([entry.findtext(f"{ATOM}summary") for entry in entries])


def test_a_feed_dates_news_with_their_day_here(nord: District) -> None:
    assert feed(nord)[0].findtext(f"{ATOM}updated") == "2024-05-02T00:00:00+02:00"


def test_the_page_of_a_team_and_the_start_page_show_the_latest_alone(nord: District) -> None:
    write_news(nord, 52)
    start, profile = read(nord, "/"), read(nord, "/loesungsteams/baeume/")
    assert start.count(f"<p>{MANY}") == 3
    assert profile.count(f"<p>{MANY}") == 50
    for page in (start, profile):
        assert f"{MANY} 00" in page
        assert f"{MANY} 51" not in page


def test_the_start_page_shows_six_of_what_goes_on_and_plain_german_counts_who_works(
    nord: District,
) -> None:
    assert "1 Gruppe arbeitet gerade." in read(nord, "/einfach/")
    assert "Nachbarschaftsfest" not in read(nord, "/einfach/")
    with nord.inside():
        for number in range(9):
            solutions.create_team(actor=ACTOR, slug=f"t{number}", name=f"Team {number}",
                                  state="operating")  # fmt: skip
    start = read(nord, "/").partition("Lösungsteams im Quartier")[2].partition("</ul>")[0]
    assert start.count('class="card"') == 6
    plain = read(nord, "/einfach/").partition("Zum Beispiel diese")[2].partition("</ul>")[0]
    assert plain.count("<li>") == 8


def test_a_frame_shows_the_topic_it_was_asked_for(nord: District) -> None:
    with nord.inside():
        solutions.create_topic(actor=ACTOR, slug="leer", name="Leer")
        assert Topic.objects.count() == 3
    one = read(nord, "/einbetten/?fokus=begegnung")
    assert "Nachbarschaftsfest" in one
    assert "Grüne Bäume" not in one
    assert "Entwurf" not in one
    for nothing in ("leer", "gibtsnicht"):
        assert "Nachbarschaftsfest" not in read(nord, f"/einbetten/?fokus={nothing}")


def test_another_districts_news_and_map_are_not_there(nord: District, sued: District) -> None:
    for path in ("/neuigkeiten/feed/", "/sitemap.xml", "/robots.txt", "/einbetten/"):
        assert "sued" not in read(nord, path)
        assert "Süd" not in read(nord, path)


@pytest.mark.parametrize("path", ["/sitemap.xml", "/neuigkeiten/feed/", "/einbetten/"])
@pytest.mark.parametrize("state", ["draft", "hidden", "suspended", "archived"])
def test_a_district_that_is_not_public_tells_machines_nothing(
    nord: District, path: str, state: Any
) -> None:
    put(nord.row, state)
    districts.lookup.forget_all()
    answer = nord.client().get(path)
    assert answer.status_code in (404, 410, 503)
    assert "Bäume" not in answer.content.decode()
