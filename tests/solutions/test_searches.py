"""Sixty searches: what is right is found, and little beside it (docs/figures.md)."""

from collections.abc import Iterator

import pytest

from directory.solutions import services, writing_many
from directory.solutions.filters import Wishes, registry
from directory.solutions.models import SolutionTeam, Synonyms, Topic
from tests.cast import ACTOR, District
from tests.solutions.searches import SEARCHES, SYNONYMS, TEAMS
from tests.solutions.test_registry import found


@pytest.fixture
def west(nord: District) -> Iterator[District]:
    with nord.inside():
        SolutionTeam.objects.all().delete()
        Topic.objects.all().delete()
        topics: dict[str, Topic] = {}
        for slug, (name, about, place, challenge) in TEAMS.items():
            for topic in about.split(", "):
                if topic not in topics:
                    made = services.create_topic(
                        actor=ACTOR, slug=f"fokus-{len(topics)}", name=topic
                    )
                    topics[topic] = made
            services.create_team(
                actor=ACTOR, slug=slug, name=name, place=place, challenge=challenge,
                state="running", topics=[topics[topic] for topic in about.split(", ")],
            )  # fmt: skip
        rows = [Synonyms(slug=f"alike-{n}", words=words) for n, words in enumerate(SYNONYMS)]
        writing_many.create_synonyms(rows, actor=ACTOR)
        yield nord


def test_sixty_searches_find_what_is_right_and_little_beside_it(west: District) -> None:
    right = wanted = shown = 0
    wrong: list[str] = []
    for typed, answers in SEARCHES.items():
        got = {team.slug for team in registry(Wishes(text=typed))}
        right, wanted, shown = right + len(got & answers), wanted + len(answers), shown + len(got)
        if got != answers:
            wrong.append(f"{typed}: missing {answers - got}, besides {got - answers}")
    recall, precision = right / wanted, right / shown
    assert recall >= 0.97, (recall, wrong)
    assert precision >= 0.95, (precision, wrong)


def test_visitors_and_programs_find_the_same(west: District) -> None:
    # One after the other: to make the teams takes longer than to look for one.
    for typed, slug in (
        ("Bäume", "giesst"), ("Baum gießen", "giesst"), ("Garten", "vielhaus"),
        ("Grunflache", "flaeche"), ("lodz", "lodz"), ("isik", "isik"), ("senoren", "rikscha"),
        ("Stadtpark", "stattpark"), ("Klo", "toiletten"),
    ):  # fmt: skip
        assert slug in found(west, f"search={typed}"), typed
        page = west.client().get(f"/loesungsteams/?q={typed}").content.decode()
        assert f"/loesungsteams/{slug}/" in page, typed


def test_a_tree_is_not_looked_for_in_urban_space(west: District) -> None:
    assert "tiny" not in found(west, "search=Baum")


def test_a_district_keeps_its_own_words_at_the_desk(nord: District, sued: District) -> None:
    desk = nord.signed_in("editor")
    assert found(nord, "search=Botanik") == set()
    refused = desk.post("/koordination/solutions/synonyms/add/", {"words": "Botanik"})
    assert "mindestens zwei Wörter" in refused.content.decode()
    kept = desk.post("/koordination/solutions/synonyms/add/", {"words": "Botanik, Bäume"})
    assert kept.status_code == 302
    assert "baeume" in found(nord, "search=Botanik")
    assert found(sued, "search=Botanik") == set()
    with nord.inside():
        assert Synonyms.objects.get().words == "Botanik, Bäume"
