"""Searching: whatever somebody types who means it, finds it."""

import pytest

from directory.solutions import services
from directory.solutions.search import fold
from tests.cast import ACTOR, District
from tests.solutions.test_registry import found


@pytest.fixture
def registry(nord: District) -> District:
    with nord.inside():
        for slug, name in (
            ("waende", "Grüne Wände und Dächer"),
            ("recycling", "Solidarische Recyclingstation"),
            ("rad", "Radeln ohne Alter"),
            ("cafe", "Café Müßiggang"),
        ):
            services.create_team(actor=ACTOR, slug=slug, name=name, state="running")
    return nord


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("gruen", "waende"),
        ("grün", "waende"),
        ("GRÜN", "waende"),
        ("Gruene Waende", "waende"),
        ("Wand", "waende"),
        ("Dach", "waende"),
        ("Recyclingstaton", "recycling"),
        ("recyc", "recycling"),
        ("radeln", "rad"),
        ("cafe", "cafe"),
        ("muessiggang", "cafe"),
        ("Müßiggang", "cafe"),
        ("gießen", "baeume"),
        ("Umwelt", "baeume"),
    ],
)
def test_words_are_found_however_they_are_written(
    registry: District, typed: str, slug: str
) -> None:
    assert slug in found(registry, f"search={typed}")


@pytest.mark.parametrize("typed", ["Schwimmbad", "xyzzy", "Kindergarten"])
def test_what_is_not_there_is_not_found(registry: District, typed: str) -> None:
    assert found(registry, f"search={typed}") == set()


@pytest.mark.parametrize(
    "typed", ["", "  ", "!!!", "-", "%25", "'", "a'b\\", "&", ":*", "((", "🌳"]
)
def test_signs_alone_are_no_search_and_no_error(registry: District, typed: str) -> None:
    for path in (f"/loesungsteams/?q={typed}", f"/api/v1/solution-teams/?search={typed}"):
        assert registry.client().get(path).status_code == 200


def test_the_best_comes_first(registry: District) -> None:
    answer = registry.client().get("/api/v1/solution-teams/?search=grüne wände").json()["results"]
    assert answer[0]["slug"] == "waende"


def test_a_renamed_topic_is_found_by_its_new_name_alone(nord: District) -> None:
    with nord.inside():
        topic = nord.solution_team().topics.get()
        topic.name = "Klima"
        services.save(topic, actor=ACTOR)
    assert found(nord, "search=Klima") == {"baeume", "fest"}
    assert found(nord, "search=Umwelt") == set()


def test_folding_writes_german_letters_out() -> None:
    assert fold("Grüne Wände – für alle!") == "gruene waende fuer alle"
    assert fold("Ärger & Öl, Maß; ÇA Éa") == "aerger oel mass ca ea"
    # A letter and its dots apart, as some keyboards send them.
    assert fold("Gru\u0308n") == "gruen"
