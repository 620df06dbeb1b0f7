"""What else follows a write about solution teams: counts, days, search, catalogue, locks, files."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from directory.people.dates import today
from directory.solutions import services
from directory.solutions.models import Picture, SolutionTeam, StateChange, Topic
from tenants.catalogue.models import SharedSolution
from tenants.districts import services as districts
from tenants.districts.models import State
from tests.cast import ACTOR, District, put
from tests.days import at
from tests.editing.pressing import press
from tests.locks import row_locks
from tests.people.test_pages import picture
from tests.solutions.test_registry import found, page
from wiq.audit.models import Entry


def latest(district: District) -> date | None:
    return district.solution_team().last_news_on


def test_the_day_of_the_latest_news_follows_what_is_written_changed_and_removed(
    nord: District,
) -> None:
    with nord.inside():
        team = nord.solution_team()
        added = services.add_update(
            actor=ACTOR, solution_team=team, date=date(2024, 7, 1), text="Neu"
        )
        assert latest(nord) == date(2024, 7, 1)
        added.date = date(2024, 6, 1)
        services.save(added, actor=ACTOR)
        assert latest(nord) == date(2024, 6, 1)
        services.remove(added, actor=ACTOR)
        assert latest(nord) == date(2024, 5, 2)
        services.remove(team.updates.get(), actor=ACTOR)
        assert latest(nord) is None


def test_the_platform_counts_one_less_when_a_team_is_removed(nord: District) -> None:
    with nord.inside():
        services.remove(nord.solution_team("fest"), actor=ACTOR)
    assert nord.row.solution_teams == 1


def test_a_removed_topic_is_found_no_more(nord: District) -> None:
    assert found(nord, "search=Umwelt") == {"baeume", "fest"}
    with nord.inside():
        services.remove(Topic.objects.get(slug="umwelt"), actor=ACTOR)
    assert found(nord, "search=Umwelt") == set()
    assert found(nord, "search=Bäume") == {"baeume"}


def test_a_topic_that_a_team_has_no_more_does_not_find_it(nord: District) -> None:
    with nord.inside():
        services.set_topics(
            nord.solution_team(), [Topic.objects.get(slug="begegnung")], actor=ACTOR
        )
    assert found(nord, "search=Umwelt") == {"fest"}
    assert found(nord, "search=Begegnung") == {"baeume", "fest"}


@pytest.mark.parametrize("field", ["name", "place", "challenge", "approach",
                                   "challenge_en", "approach_en"])  # fmt: skip
def test_every_text_of_a_team_is_found_as_it_is_now(nord: District, field: str) -> None:
    with nord.inside():
        team = nord.solution_team()
        for words in ("Regentonne", "Zisterne"):
            setattr(team, field, words)
            services.save(team, actor=ACTOR)
    assert found(nord, "search=Zisterne") == {"baeume"}
    assert found(nord, "search=Regentonne") == set()


@pytest.fixture
def shared(nord: District) -> District:
    """Nord, whose trees stand in the catalogue under their topic."""
    with nord.inside():
        team = nord.solution_team()
        team.is_shared = True
        services.save(team, actor=ACTOR)
    assert SharedSolution.objects.get().topics == ["Umwelt"]
    return nord


def rename_topic() -> None:
    topic = Topic.objects.get(slug="umwelt")
    topic.name = "Klima"
    services.save(topic, actor=ACTOR)


def remove_topic() -> None:
    services.remove(Topic.objects.get(slug="umwelt"), actor=ACTOR)


def change_topics() -> None:
    topics = [Topic.objects.get(slug="begegnung")]
    services.set_topics(SolutionTeam.objects.get(slug="baeume"), topics, actor=ACTOR)


@pytest.mark.parametrize(
    ("change", "topics"),
    [(rename_topic, ["Klima"]), (remove_topic, []), (change_topics, ["Begegnung"])],
)
def test_the_catalogue_names_the_topics_of_today(
    shared: District, change: Callable[[], None], topics: list[str]
) -> None:
    with shared.inside():
        change()
    assert SharedSolution.objects.get().topics == topics


def test_two_who_move_a_team_at_once_wait_for_each_other(nord: District) -> None:
    with nord.inside():
        team = nord.solution_team()
        with row_locks() as locked:
            services.set_state(team, "paused", actor=ACTOR, reason="Sommer")
    assert "solutions_solutionteam" in locked


def test_the_log_says_from_where_to_where_and_by_whom(nord: District) -> None:
    with nord.inside():
        services.set_state(nord.solution_team(), "paused", actor="kim", reason="Sommer")
        services.set_topics(nord.solution_team(), [], actor="kim")
        services.confirm(nord.solution_team(), actor="kim")
        entries = Entry.objects.filter(actor="kim").order_by("pk")
        assert [(entry.action, entry.details) for entry in entries] == [
            ("solutionteam.state", {"from": "running", "to": "paused"}),
            ("solutionteam.topics", {"topics": []}),
            ("solutionteam.confirmed", {}),
        ]


def test_a_state_may_be_of_today_and_of_no_later_day(nord: District) -> None:
    day = date(2026, 7, 1)
    with at(day, 0, 30), nord.inside():
        with pytest.raises(ValidationError, match="Zukunft"):
            services.set_state(nord.solution_team(), "paused", actor=ACTOR, reason="Sommer",
                               date=day + timedelta(days=1))  # fmt: skip
        services.set_state(nord.solution_team(), "paused", actor=ACTOR, date=day, reason="Sommer")
        assert StateChange.objects.get().date == day


def test_the_desk_takes_a_state_of_today_and_notes_that_all_is_right(nord: District) -> None:
    url = f"/koordination/solutions/solutionteam/{nord.solution_team().pk}/change/"
    day = date(2026, 7, 1)
    moved = {"state_reason": "Sommer", "state_date": f"{day:%d.%m.%Y}"}
    with at(day, 0, 30):
        client = nord.signed_in("editor")
        assert press(client, url, "right:confirm").status_code == 302
    with nord.inside():
        assert nord.solution_team().confirmed_at == day
        assert Entry.objects.get(action="solutionteam.confirmed").actor == "editor@nord.example"
    with at(day, 23, 30):
        client = nord.signed_in("editor")  # a working day later the morning's session is over
        assert press(client, url, "state:paused", **moved).status_code == 302
    with nord.inside():
        assert nord.solution_team().state == "paused"


def test_a_removed_picture_takes_its_file_along(
    nord: District, django_capture_on_commit_callbacks: Any
) -> None:
    with nord.inside():
        kept, gone = (
            services.save(Picture(solution_team=nord.solution_team(), image=picture(), alt="x"),
                          actor=ACTOR)
            for _number in range(2)
        )  # fmt: skip
        nord.draw()
        files = Path(kept.image.path), Path(gone.image.path)
        with django_capture_on_commit_callbacks(execute=True):
            services.remove(gone, actor=ACTOR)
        assert [file.exists() for file in files] == [True, False]


def test_a_drafts_picture_is_not_had_by_the_name_of_another_team(nord: District) -> None:
    with nord.inside():
        hidden = services.save(
            Picture(solution_team=nord.solution_team("entwurf"), image=picture(), alt="x"),
            actor=ACTOR,
        )
    for slug in ("entwurf", "baeume"):
        assert nord.client().get(f"/medien/loesungsteam/{slug}/{hidden.pk}/").status_code == 404


def test_nobody_is_alike_themselves_and_three_are_enough(nord: District) -> None:
    with nord.inside():
        topics = [Topic.objects.get(slug="umwelt")]
        for number in range(4):
            services.create_team(actor=ACTOR, slug=f"t{number}", name=f"Team {number}",
                                 state="running", topics=topics)  # fmt: skip
    alike = page(nord, "/loesungsteams/baeume/").partition("Ähnliche Lösungsteams")[2]
    assert "Grüne Bäume" not in alike.partition("</ul>")[0]
    assert alike.partition("</ul>")[0].count('class="card"') == 3


def test_a_search_of_more_than_a_hundred_letters_is_cut(nord: District) -> None:
    assert f'value="{"x" * 100}"' in page(nord, f"/loesungsteams/?q={'x' * 101}")


def test_where_a_copy_comes_from_is_shown_as_it_is_written(nord: District) -> None:
    with nord.inside():
        copy = services.create_team(
            actor=ACTOR, slug="kopie", name="Kopie", state="running",
            origin_name="<b>Bäume</b>", origin_url="https://sued.example/",
        )  # fmt: skip
    desk = nord.signed_in("editor")
    url = f"/koordination/solutions/solutionteam/{copy.pk}/change/"
    for text in (desk.get(url).content.decode(), page(nord, "/loesungsteams/kopie/")):
        assert ">&lt;b&gt;Bäume&lt;/b&gt;</a>" in text


def test_a_person_is_named_with_the_public_teams_of_today_alone(nord: District) -> None:
    with nord.inside():
        ada, day = nord.person("ada"), today()
        services.add_member(actor=ACTOR, solution_team=nord.solution_team("entwurf"), person=ada)
        services.add_member(actor=ACTOR, solution_team=nord.solution_team("fest"), person=ada,
                            until=day - timedelta(days=2))  # fmt: skip
    person = nord.client().get("/api/v1/people/ada/").json()
    assert [team["slug"] for team in person["solution_teams"]] == ["baeume"]


@pytest.mark.parametrize("state", ["draft", "hidden", "suspended", "archived"])
def test_a_district_that_is_not_public_gives_no_visitor_its_teams_pictures(
    nord: District, state: str
) -> None:
    with nord.inside():
        made = services.save(
            Picture(solution_team=nord.solution_team(), image=picture(), alt="x"), actor=ACTOR
        )
    url = f"/medien/loesungsteam/baeume/{made.pk}/"
    assert nord.client().get(url).status_code == 200
    put(nord.row, State(state))
    districts.lookup.forget_all()
    assert nord.client().get(url).status_code in (404, 410, 503)
