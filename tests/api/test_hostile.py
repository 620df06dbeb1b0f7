"""Hostile requests get an answer that says what is wrong, never a server error."""

from pathlib import Path
from typing import Any

import pytest
from rest_framework.serializers import SlugField

from api.solutions import SolutionTeamWriteSerializer
from directory.people import services as people
from directory.solutions.models import SolutionTeam
from tests.api.test_writing import NEW, send, with_token
from tests.cast import ACTOR, District
from tests.people.test_pages import picture

VALUES = (
    None,
    [],
    {},
    [1],
    1.5,
    True,
    "x" * 6000,
    "\ud800",
    "\x00",
    "a\r\nb",
    10**30,
    "9999-12-31",
)


@pytest.mark.thorough
@pytest.mark.parametrize("value", VALUES, ids=ascii)
@pytest.mark.parametrize("path", NEW)
def test_any_value_in_any_field_is_answered(nord: District, path: str, value: Any) -> None:
    client = with_token(nord)
    extra = {"solution-teams": ("status", "status_date", "topics"), "teams": ("position",)}
    for field in (*NEW[path], *extra.get(path, ())):
        assert send(client, "post", path, NEW[path] | {field: value}).status_code < 500, field


@pytest.mark.parametrize("topic", ["a\x00b", "\ud800", "x" * 6000, "-ö»", 7, None, {}, "umwelt\n"])
def test_a_topic_that_nobody_has_is_an_error_at_its_field(nord: District, topic: Any) -> None:
    sent = NEW["solution-teams"] | {"topics": ["umwelt", topic]}
    response = send(with_token(nord), "post", "solution-teams", sent)
    assert response.status_code == 400
    assert response.json()["errors"][0]["attr"].startswith("topics")


@pytest.mark.parametrize("method", ["TRACE", "FOO", "PUT", "OPTIONS"])
@pytest.mark.parametrize(
    "path", [*NEW, "events", "topics", "ideas", "contact-requests", "district"]
)
def test_a_method_that_a_part_does_not_know_is_no_server_error(
    nord: District, method: str, path: str
) -> None:
    for client in (nord.client(), with_token(nord)):
        answer = client.generic(method, f"/api/v1/{path}/")
        assert answer.status_code in (200, 401, 403, 405)


def test_half_a_letter_that_an_error_quotes_is_an_error_at_its_field(nord: District) -> None:
    path = "solution-teams/baeume"
    answer = send(with_token(nord), "patch", path, '{"status": "\\ud800"}')
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["attr"] == "status"


def test_a_person_goes_with_the_consents_only_where_the_role_may(
    nord: District, django_capture_on_commit_callbacks: Any
) -> None:
    with nord.inside():
        ben = nord.person("cem")
        ben.portrait, ben.portrait_alt = picture(), "Cem"
        people.save(ben, actor=ACTOR)
    nord.draw()
    with nord.inside():
        file = Path(ben.portrait.path)
    assert send(with_token(nord, "editor"), "delete", "people/cem").status_code == 403
    assert file.exists()
    with django_capture_on_commit_callbacks(execute=True):
        assert send(with_token(nord), "delete", "people/cem").status_code == 204
    assert not file.exists()


def test_a_control_character_breaks_no_feed(nord: District) -> None:
    path = "solution-teams/baeume/updates"
    made = send(with_token(nord), "post", path, {"text": "aus dem\x0bProgramm\x07 <b>kopiert</b>"})
    assert made.json()["text"] == "aus dem\nProgramm <b>kopiert</b>"
    feed = nord.client().get("/neuigkeiten/feed/")
    assert feed.status_code == 200
    assert "&amp;lt;b&amp;gt;" in feed.content.decode()


def test_what_another_wrote_first_is_a_conflict_and_no_server_error(
    nord: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SolutionTeam, "validate_unique", lambda *_args, **_options: None)
    monkeypatch.setattr(SolutionTeamWriteSerializer, "validators", [])
    body = NEW["solution-teams"] | {"slug": "baeume"}
    monkeypatch.setattr(SlugField, "run_validation", lambda _field, data: data)
    assert send(with_token(nord), "post", "solution-teams", body).status_code == 409


def test_a_change_of_one_field_keeps_what_others_changed(nord: District) -> None:
    client = with_token(nord)
    assert send(client, "patch", "solution-teams/baeume", {"place": "Weg 1"}).status_code == 200
    assert send(client, "patch", "solution-teams/baeume", {"approach": "Neu"}).status_code == 200
    with nord.inside():
        team = nord.solution_team()
        assert (team.place, team.approach, team.state) == ("Weg 1", "Neu", "running")


@pytest.mark.parametrize("path", ["teams/", "solution-teams/", "topics/", "district/"])
def test_more_fields_than_anybody_means_are_refused(nord: District, path: str) -> None:
    assert nord.client().get(f"/api/v1/{path}?" + "a=b&" * 1200).status_code == 400


def test_the_page_of_the_documents_is_only_read(nord: District) -> None:
    assert nord.client().options("/api/docs/").status_code == 405
    assert nord.client().get("/api/docs/").status_code == 200
