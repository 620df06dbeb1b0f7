"""What a visitor reads of the API, what only a token shows, and what no cache may keep."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from api.pagination import Pages
from directory.people import services as people
from directory.people.dates import today
from directory.solutions import services as solutions
from directory.solutions.models import Update
from tests.api.test_writing import send, with_token
from tests.cast import ACTOR, District, body, idea_form
from tests.people.test_pages import picture

NOON = datetime.fromisoformat("2026-11-20T12:00:00+01:00")
UPDATES = "solution-teams/baeume/updates"


def texts(client: Any) -> list[set[str]]:
    """Return which updates the list and the page of their solution team show."""
    listed = send(client, "get", UPDATES).json()["results"]
    inside = send(client, "get", "solution-teams/baeume").json()["updates"]
    return [{update["text"] for update in updates} for updates in (listed, inside)]


def test_an_update_is_public_from_its_day_on(nord: District) -> None:
    with time_machine.travel(NOON, tick=False):
        with nord.inside():
            later = solutions.add_update(
                actor=ACTOR, solution_team=nord.solution_team(), text="Morgen geht es los.",
                date=today() + timedelta(days=1),
            )  # fmt: skip
        for shown in texts(nord.client()):
            assert "Morgen geht es los." not in shown
        assert send(nord.client(), "get", f"{UPDATES}/{later.pk}").status_code == 404
        assert "Morgen geht es los." in texts(with_token(nord, "editor"))[0]
        assert send(with_token(nord), "get", f"{UPDATES}/{later.pk}").status_code == 200
    with time_machine.travel("2026-11-21T00:00:00+01:00", tick=False):
        for shown in texts(nord.client()):
            assert "Morgen geht es los." in shown
        assert send(nord.client(), "get", f"{UPDATES}/{later.pk}").status_code == 200


def test_the_updates_of_a_draft_are_there_for_a_token_alone(nord: District) -> None:
    path = "solution-teams/entwurf/updates"
    made = send(with_token(nord), "post", path, {"text": "Noch geheim.", "date": "2024-07-01"})
    assert made.status_code == 201
    for address in (path, f"{path}/{made.json()['id']}"):
        assert send(nord.client(), "get", address).status_code == 404
        assert send(with_token(nord, "editor"), "get", address).status_code == 200


def test_an_update_stands_under_its_own_solution_team_alone(nord: District) -> None:
    with nord.inside():
        number = Update.objects.get().pk
    other = f"solution-teams/fest/updates/{number}"
    for client in (nord.client(), with_token(nord)):
        assert send(client, "get", "solution-teams/fest/updates").json()["count"] == 0
        assert send(client, "get", other).status_code == 404
    assert send(with_token(nord), "patch", other, {"text": "Umgehängt."}).status_code == 404
    assert send(with_token(nord), "delete", other).status_code == 404
    with nord.inside():
        kept = Update.objects.get()
        assert (kept.solution_team.slug, kept.text) == (
            "baeume", "Hundert Bäume gegossen im Nordviertel.",
        )  # fmt: skip


@pytest.mark.parametrize("path", ["teams", "people", "solution-teams"])
def test_a_list_shows_a_visitor_what_is_public_and_a_token_everything(
    nord: District, path: str
) -> None:
    hidden = {"teams": "geheim", "people": "cem", "solution-teams": "entwurf"}[path]
    public, everything = (
        {row["slug"] for row in send(client, "get", path).json()["results"]}
        for client in (nord.client(), with_token(nord, "editor"))
    )
    assert hidden not in public
    assert everything - public >= {hidden}


def test_a_person_is_not_named_beside_a_draft_or_a_hidden_team(nord: District) -> None:
    with nord.inside():
        ada = nord.person("ada")
        solutions.add_member(actor=ACTOR, solution_team=nord.solution_team("entwurf"), person=ada)
        people.add_member(actor=ACTOR, team=nord.team("geheim"), person=ada)
    for client in (nord.client(), with_token(nord)):
        shown = send(client, "get", "people/ada").json()
        assert [team["slug"] for team in shown["solution_teams"]] == ["baeume"]
        assert [team["slug"] for team in shown["teams"]] == ["unterstuetzungsteam"]


def test_a_portrait_stands_there_with_a_consent_for_it_alone(nord: District) -> None:
    with nord.inside():
        ada = nord.person("ada")
        ada.portrait, ada.portrait_alt = picture(), "Ada"
        people.save(ada, actor=ACTOR)
    for client in (nord.client(), with_token(nord)):
        assert send(client, "get", "people/ada").json()["portrait"] is None
    with nord.inside():
        people.record_consent(
            person=ada, scope="portrait", actor=ACTOR, given_on=today(), given_how="written"
        )
    for client in (nord.client(), with_token(nord)):
        shown = send(client, "get", "people/ada").json()["portrait"]
        assert shown == "http://nord.localhost:8000/medien/bild/ada/"


@pytest.mark.parametrize(
    "path",
    [
        *("teams", "teams/geheim", "people", "people/ben", "solution-teams", UPDATES),
        *("solution-teams/entwurf", "contact-requests", "ideas"),
    ],
)
@pytest.mark.parametrize("role", ["coordinator", "editor"])
def test_what_a_token_shows_is_kept_by_no_cache(nord: District, path: str, role: str) -> None:
    answer = send(with_token(nord, role), "get", path)
    is_inbox = path in ("contact-requests", "ideas")
    assert answer.status_code == (403 if is_inbox and role == "editor" else 200)
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("path", "data", "change"),
    [
        ("contact-requests", body(), {"state": "taken"}),
        ("ideas", idea_form(privacy_acknowledged=True), {"state": "review"}),
    ],
)
def test_what_residents_wrote_and_their_secret_page_are_kept_by_no_cache(
    nord: District, path: str, data: dict[str, Any], change: dict[str, str]
) -> None:
    sent = send(nord.client(), "post", path, data)
    one = f"{path}/{sent.json()['reference']}"
    ours = with_token(nord)
    answers = [sent, send(ours, "get", one), send(ours, "patch", one, change)]
    assert [answer.status_code for answer in answers] == [201, 200, 200]
    refused = [send(nord.client(), "get", one), send(nord.client(), "post", path, {})]
    assert [answer.status_code for answer in refused] == [401, 400]
    for answer in answers + refused:
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("wished", "given"), [("200", 200), ("201", 200), ("7", 7), ("0", 50), ("x", 50)]
)
def test_a_page_of_a_list_has_at_most_two_hundred_rows(wished: str, given: int) -> None:
    request = Request(APIRequestFactory().get("/", {"page_size": wished}))
    assert Pages().get_page_size(request) == given
