"""The registry: found quickly, shown honestly, drafts shown to nobody."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from directory.solutions import services
from directory.solutions.choices import EXPLANATIONS, PUBLIC_STATES
from directory.solutions.models import Picture, SolutionTeam
from tests.cast import ACTOR, District
from tests.days import at
from tests.people.test_pages import picture

PUBLIC = (
    *("/loesungsteams/", "/loesungsteams/?q=baum", "/loesungsteams/?fokus=umwelt&status=running"),
    *("/loesungsteams/baeume/", "/neuigkeiten/", "/neuigkeiten/feed/", "/", "/aushang/"),
    *("/loesungsteams/baeume/aushang/", "/impressum/", "/datenschutz/", "/barrierefreiheit/"),
    *("/idee/", "/kontakt/?loesungsteam=baeume&anliegen=mitmachen", "/en/loesungsteams/"),
)


def page(district: District, path: str = "/loesungsteams/") -> str:
    return district.client().get(path).content.decode()


def found(district: District, query: str) -> set[str]:
    """Return the slugs that the API finds, which asks as the page does."""
    answer = district.client().get(f"/api/v1/solution-teams/?{query}")
    assert answer.status_code == 200, answer.content
    return {team["slug"] for team in answer.json()["results"]}


def test_public_solution_teams_are_listed_and_drafts_are_not_there(nord: District) -> None:
    text = page(nord)
    assert "Grüne Bäume Nordviertel" in text
    assert "Nachbarschaftsfest Nordviertel" in text
    assert "2 Lösungsteams" in text
    assert "Entwurf" not in text
    assert nord.client().get("/loesungsteams/entwurf/").status_code == 404
    assert nord.client().get("/api/v1/solution-teams/entwurf/").status_code == 404
    assert "Verborgen" not in page(nord, "/loesungsteams/?q=verborgen")


def test_another_districts_solution_teams_are_not_there(nord: District, sued: District) -> None:
    with sued.inside():
        services.create_team(
            actor=ACTOR, slug="nur-im-sueden", name="Nur im Süden", state="running"
        )
    for path in PUBLIC:
        assert "Süd" not in page(nord, path)
    assert nord.client().get("/loesungsteams/nur-im-sueden/").status_code == 404
    assert sued.client().get("/loesungsteams/nur-im-sueden/").status_code == 200


def test_several_topics_and_states_at_once(nord: District) -> None:
    assert found(nord, "topic=umwelt") == {"baeume", "fest"}
    assert found(nord, "topic=begegnung") == {"fest"}
    assert found(nord, "topic=umwelt&topic=begegnung") == {"baeume", "fest"}
    assert found(nord, "topic=umwelt&status=running") == {"baeume"}
    assert found(nord, "status=running&status=completed") == {"baeume", "fest"}
    assert found(nord, "status=paused") == set()
    assert "1 Lösungsteam<" in page(nord, "/loesungsteams/?fokus=umwelt&status=running")


def test_a_filter_that_nobody_knows_is_passed_over_by_the_page_and_refused_by_the_api(
    nord: District,
) -> None:
    assert "2 Lösungsteams" in page(nord, "/loesungsteams/?fokus=gibtsnicht&status=draft&seite=x")
    for query in ("topic=gibtsnicht", "status=draft", "ordering=passwort", "search=" + "x" * 101):
        assert nord.client().get(f"/api/v1/solution-teams/?{query}").status_code == 400


def test_each_state_is_explained_in_one_sentence(nord: District) -> None:
    text = page(nord)
    assert len(EXPLANATIONS) == len(PUBLIC_STATES) == 5
    for sentence in EXPLANATIONS.values():
        assert str(sentence) in text.replace("&quot;", '"')


def test_the_list_is_sorted_by_german_letters_and_by_news(nord: District) -> None:
    with nord.inside():
        for name in ("Äpfel", "Zebra", "apfelbaum"):
            services.create_team(actor=ACTOR, slug=name.lower().replace("ä", "ae"), name=name,
                                 state="running")  # fmt: skip
    by_name = nord.client().get("/api/v1/solution-teams/?ordering=name").json()["results"]
    assert [team["name"] for team in by_name][:2] == ["Äpfel", "apfelbaum"]
    by_news = nord.client().get("/api/v1/solution-teams/?ordering=-news").json()["results"]
    assert by_news[0]["slug"] == "baeume"


def test_pages_keep_what_was_chosen(nord: District) -> None:
    with nord.inside():
        for number in range(30):
            services.create_team(actor=ACTOR, slug=f"t{number}", name=f"Team {number:02}",
                                 state="paused")  # fmt: skip
    first = page(nord, "/loesungsteams/?status=paused&q=team")
    assert "30 Lösungsteams" in first
    assert 'href="/loesungsteams/?status=paused&amp;q=team&amp;seite=2"' in first
    second = page(nord, "/loesungsteams/?status=paused&q=team&seite=2")
    assert "Seite 2 von 2" in second
    assert first.count('<li class="card">') == 24
    assert second.count('<li class="card">') == 6


def test_a_profile_tells_what_is_known_and_where_the_state_is_from(nord: District) -> None:
    text = page(nord, "/loesungsteams/baeume/")
    for words in (
        "Die Straßenbäume im Nordviertel sind durstig.",
        "Wir gießen sie.",
        "Quelle: Liste 2021/22. Noch nicht bestätigt.",
        "Hundert Bäume gegossen im Nordviertel.",
        "Ada Nord",
        "Nachbarschaftsfest Nordviertel",  # shares a topic
        "/kontakt/?loesungsteam=baeume&amp;anliegen=mitmachen",
    ):
        assert words in text
    assert "Ben Nord" not in text
    assert "Entwurf" not in text
    with nord.inside():
        services.confirm(nord.solution_team(), actor=ACTOR)
    text = page(nord, "/loesungsteams/baeume/")
    assert "Liste 2021/22" not in text
    assert "Zuletzt bestätigt am" in text


def test_a_profile_without_texts_says_that_the_team_will_introduce_itself(nord: District) -> None:
    assert "steht hier noch kein Text" in page(nord, "/loesungsteams/fest/")
    with nord.inside():
        services.create_team(actor=ACTOR, slug="leer", name="Leer", state="running")
    assert "stellt sich hier noch vor" in page(nord, "/loesungsteams/leer/")
    assert "anliegen=mitmachen" not in page(nord, "/loesungsteams/fest/")


def test_news_of_tomorrow_is_none_today(nord: District) -> None:
    with nord.inside():
        services.add_update(actor=ACTOR, solution_team=nord.solution_team(), text="Von morgen",
                            date=date(2026, 7, 2))  # fmt: skip
    with at(date(2026, 7, 1), 23, 59):
        for path in PUBLIC:
            assert "Von morgen" not in page(nord, path)
    with at(date(2026, 7, 2), 0, 1):
        assert "Von morgen" in page(nord, "/neuigkeiten/")


def test_the_contract_of_the_api_is_kept(nord: District) -> None:
    team = nord.client().get("/api/v1/solution-teams/baeume/").json()
    assert {"slug", "name", "status", "topics", "challenge", "approach", "confirmed_at", "members",
            "updates"} <= set(team)  # fmt: skip
    assert team["status"] == "running"
    assert team["topics"] == [{"slug": "umwelt", "name": "Umwelt"}]
    assert [member["slug"] for member in team["members"]] == ["ada"]
    assert set(team["updates"][0]) == {"id", "date", "text", "text_en"}
    assert "contact_email" not in team
    listed = nord.client().get("/api/v1/solution-teams/").json()["results"]
    assert "updates" not in listed[0]
    topics = nord.client().get("/api/v1/topics/").json()["results"]
    assert topics == [
        {"slug": "begegnung", "name": "Begegnung", "count": 1},
        {"slug": "umwelt", "name": "Umwelt", "count": 2},
    ]
    person = nord.client().get("/api/v1/people/ada/").json()
    assert [team["slug"] for team in person["solution_teams"]] == ["baeume"]


def test_the_platform_counts_public_solution_teams(nord: District, platform: object) -> None:
    def counts() -> dict[str, int]:
        answer = platform.get("/api/v1/districts/").json()["results"]  # type: ignore[attr-defined]
        return {district["slug"]: district["solution_teams"] for district in answer}

    assert counts() == {"nord": 2, "sued": 2}
    with nord.inside():
        services.set_state(nord.solution_team("entwurf"), "running", actor=ACTOR)
        services.remove(SolutionTeam.objects.get(slug="fest"), actor=ACTOR)
        services.set_state(nord.solution_team(), "draft", actor=ACTOR)
    assert counts() == {"nord": 1, "sued": 2}


@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_needs_at_most_six_statements(nord: District, path: str) -> None:
    nord.client().get("/impressum/")  # the host is looked up every half minute
    with CaptureQueriesContext(connection) as queries:
        assert nord.client().get(path).status_code == 200
    assert len(queries) <= 6, [query["sql"] for query in queries]


@pytest.mark.parametrize("path", PUBLIC)
def test_a_reader_gets_no_cookie(nord: District, path: str) -> None:
    assert not nord.client().get(path).cookies


def test_an_aushang_leads_to_its_page_and_fits_a_district_and_a_team(nord: District) -> None:
    team = page(nord, "/loesungsteams/baeume/aushang/")
    assert '<svg xmlns="http://www.w3.org/2000/svg"' in team
    assert "nord.localhost:8000/loesungsteams/baeume/" in team
    assert "nord.localhost:8000/" in page(nord, "/aushang/")
    assert nord.client().get("/loesungsteams/entwurf/aushang/").status_code == 404


def test_a_picture_is_shown_with_its_description_and_only_of_public_teams(nord: District) -> None:
    with nord.inside():
        team = nord.solution_team()
        pictures = [
            services.save(Picture(solution_team=team, image=picture(), alt="Ein Baum",
                                  caption="Im Mai", position=n), actor=ACTOR)
            for n in (2, 1)
        ]  # fmt: skip
        nord.draw()
        assert Path(pictures[0].image.path).exists()
        desk = pictures[0].image.url
    text = page(nord, "/loesungsteams/baeume/")
    assert text.count('alt="Ein Baum"') == 2
    assert "Im Mai" in text
    url = f"/medien/loesungsteam/baeume/{pictures[0].pk}/"
    assert text.index(str(pictures[1].pk)) < text.index(f'"{url}"')
    assert nord.client().get(url).status_code == 200
    assert nord.signed_in("editor").get(desk).status_code == 200
    assert nord.client().get(desk).status_code == 404
    with nord.inside():
        services.set_state(team, "draft", actor=ACTOR)
    assert nord.client().get(url).status_code == 404


def test_a_picture_goes_with_its_team(
    nord: District, django_capture_on_commit_callbacks: Any
) -> None:
    with nord.inside():
        made = services.save(Picture(solution_team=nord.solution_team(), image=picture(), alt="x"),
                             actor=ACTOR)  # fmt: skip
        nord.draw()
        file = Path(made.image.path)
        with django_capture_on_commit_callbacks(execute=True):
            services.remove(nord.solution_team(), actor=ACTOR)
        assert not file.exists()
