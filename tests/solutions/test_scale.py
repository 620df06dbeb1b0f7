"""With 2,000 solution teams the database finds by its indexes, and statements stay few."""

import random
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from directory.solutions import services
from directory.solutions.choices import PUBLIC_STATES
from directory.solutions.filters import Wishes, registry
from tests.cast import ACTOR, District
from wiq.database import as_owner

# The owner, because only owners take statistics.
pytestmark = [pytest.mark.thorough, pytest.mark.owner]
WORDS = [
    "Baum",
    "Garten",
    "Rad",
    "Kinder",
    "Senioren",
    "Wasser",
    "Sonne",
    "Platz",
    "Bank",
    "Musik",
    "Hof",
    "Dach",
    "Wand",
    "Kanal",
]


@pytest.fixture
def many(nord: District) -> Iterator[District]:
    pick = random.Random(7)
    with nord.inside():
        topics = [
            services.create_topic(actor=ACTOR, slug=f"t{number}", name=f"Fokus {word}")
            for number, word in enumerate(WORDS)
        ]
        for number in range(2000):
            services.create_team(
                actor=ACTOR,
                slug=f"team-{number}",
                name=f"{' '.join(pick.sample(WORDS, 3))} {number}",
                state=PUBLIC_STATES[number % 5],
                topics=pick.sample(topics, 2),
                challenge=f"Nummer{number} " + " ".join(pick.choices(WORDS, k=60)),
            )
        with as_owner(), connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        yield nord


def test_two_thousand_teams_are_found_by_indexes_and_with_few_statements(many: District) -> None:
    finds_by_indexes()
    for path in (
        "/loesungsteams/", "/loesungsteams/?q=garten&fokus=t3&status=running&seite=2",
        "/loesungsteams/team-7/", "/neuigkeiten/", "/api/v1/solution-teams/?search=garten",
    ):  # fmt: skip
        stays_few(many, path)


def finds_by_indexes() -> None:
    for wishes, indexes in (
        (Wishes(), {"solutionteam_by_name"}),
        (Wishes(sort="neues"), {"solutionteam_by_news"}),
        (Wishes(text="Recyclingstaton"), {"solutionteam_words", "solutionteam_letters"}),
        (Wishes(text="Nummer1999"), {"solutionteam_words", "solutionteam_letters"}),
        (Wishes(topics=("t3",)), {"Index Scan using solution", "solutions_solutionteam_topics"}),
    ):
        plan = registry(wishes)[:24].explain()
        assert all(index in plan for index in indexes), f"{wishes}\n{plan}"
        assert "Seq Scan on solutions_solutionteam " not in plan, plan
    assert registry(Wishes(text="Nummer1999")).count() == 1


def stays_few(many: District, path: str) -> None:
    if path.startswith("/api/"):
        many.client().get("/")  # the host, which pages look up within their six
    with CaptureQueriesContext(connection) as queries:
        assert many.client().get(path).status_code == 200
    assert len(queries) <= 6, path
