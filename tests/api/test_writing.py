"""Writing by token: the same rules, services and audit as the desk, refused to everybody else."""

import copy
from typing import Any

import pytest
from django.test import Client

from api.writing import DirectoryViewSet
from directory.people.models import Person, Team
from directory.solutions.models import SolutionTeam, StateChange
from tests.cast import District
from wiq.audit.models import Entry

NEW: dict[str, dict[str, Any]] = {
    "teams": {"slug": "neu", "kind": "core", "abbreviation": "NT", "name": "Neues Team"},
    "people": {"slug": "neu", "name": "Nora Neu", "about": "Ist neu."},
    "solution-teams": {"slug": "neu", "name": "Neues Lösungsteam", "topics": ["umwelt"]},
    "solution-teams/baeume/updates": {"date": "2024-07-01", "text": "Es regnet."},
}
OLD = {
    "teams": "unterstuetzungsteam",
    "people": "ada",
    "solution-teams": "baeume",
}


def with_token(district: District, role: str = "coordinator", of: District | None = None) -> Client:
    return district.client(authorization=f"Bearer {(of or district).token(role)}")


def send(client: Client, method: str, path: str, body: Any = None) -> Any:
    return getattr(client, method)(f"/api/v1/{path}/", body, content_type="application/json")


@pytest.mark.parametrize("role", ["coordinator", "editor"])
@pytest.mark.parametrize("path", NEW)
def test_a_token_creates_changes_and_deletes(nord: District, path: str, role: str) -> None:
    client = with_token(nord, role)
    made = send(client, "post", path, NEW[path])
    assert made.status_code == 201, made.content
    word = made.json().get("slug") or made.json()["id"]
    field = "text" if "updates" in path else "name"
    changed = send(client, "patch", f"{path}/{word}", {field: "Anders als vorher"})
    assert changed.status_code == 200, changed.content
    assert changed.json()[field] == "Anders als vorher"
    assert changed.headers["Cache-Control"] == "no-store"
    assert send(client, "delete", f"{path}/{word}").status_code == 204
    assert send(client, "get", f"{path}/{word}").status_code == 404
    with nord.inside():
        actions = set(Entry.objects.filter(actor=f"{role}@nord.example").values_list(
            "action", flat=True))  # fmt: skip
    assert {action.partition(".")[2] for action in actions} >= {"created", "updated", "deleted"}


IN_ENGLISH: dict[str, dict[str, Any]] = {
    "teams/unterstuetzungsteam": {"description_en": "Helps with ideas.", "size": 4},
    "people/ada": {"about_en": "Has lived here for years."},
    "solution-teams/baeume": {"challenge_en": "Trees are thirsty.", "approach_en": "Water them."},
}


@pytest.mark.parametrize("path", IN_ENGLISH)
def test_english_texts_and_the_size_of_a_team_are_read_and_written(
    nord: District, path: str
) -> None:
    told = IN_ENGLISH[path]
    assert send(with_token(nord), "patch", path, told).status_code == 200
    assert nord.client().get(f"/api/v1/{path}/").json().items() >= told.items()


@pytest.mark.parametrize("path", NEW)
def test_nobody_without_a_token_of_this_district_writes(
    nord: District, sued: District, path: str
) -> None:
    strangers = {
        "nobody": nord.client(),
        "another district's": with_token(nord, of=sued),
        "a forged one": nord.client(authorization="Bearer " + "x" * 64),
        "a session": nord.signed_in("coordinator"),
    }
    for who, client in strangers.items():
        assert send(client, "post", path, NEW[path]).status_code == 401, who
        if path in OLD:
            old = f"{path}/{OLD[path]}"
            assert send(client, "patch", old, {"name": "Gekapert"}).status_code == 401, who
            assert send(client, "delete", old).status_code == 401, who
    with nord.inside():
        assert not Team.objects.filter(name="Gekapert").exists()
        assert Person.objects.filter(slug="ada").exists()
        assert SolutionTeam.objects.count() == 3


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("teams", {"abbreviation": "UT"}, "non_field_errors"),
        ("teams", {"kind": "geheim"}, "kind"),
        ("teams", {"slug": "unterstuetzungsteam"}, "slug"),
        ("people", {"name": ""}, "name"),
        ("people", {"about": "x" * 3001}, "about"),
        ("solution-teams", {"topics": ["gibtsnicht"]}, "topics"),
        ("solution-teams", {"status": "fertig"}, "status"),
        ("solution-teams", {"status": "running", "status_date": "2999-01-01"}, "state_date"),
        ("solution-teams", {"slug": "Groß und mit Leerzeichen"}, "slug"),
        ("solution-teams", {"challenge": "x" * 4001}, "challenge"),
        ("solution-teams/baeume/updates", {"text": ""}, "text"),
        ("solution-teams/baeume/updates", {"date": "gestern"}, "date"),
    ],
)
def test_a_broken_rule_is_an_error_at_its_field_and_nothing_is_kept(
    nord: District, path: str, body: dict[str, Any], field: str
) -> None:
    answer = send(with_token(nord), "post", path, NEW[path] | body)
    assert answer.status_code == 400, answer.content
    attributes = [error["attr"] for error in answer.json()["errors"]]
    if field == "non_field_errors":
        assert attributes
    else:
        assert field in attributes, answer.json()
    with nord.inside():
        assert SolutionTeam.objects.count() == 3
        assert not Person.objects.filter(name="Nora Neu").exists()


def test_a_state_by_token_is_a_change_with_day_and_reason(nord: District) -> None:
    body = {"status": "paused", "status_date": "2024-06-01", "status_reason": "Sommer"}
    answer = send(with_token(nord, "editor"), "patch", "solution-teams/baeume", body)
    assert answer.json()["status"] == "paused"
    with nord.inside():
        change = StateChange.objects.get()
        assert (change.reason, change.changed_by) == ("Sommer", "editor@nord.example")
    confirmed = send(with_token(nord), "post", "solution-teams/baeume/confirm")
    assert confirmed.json()["confirmed_at"]


def test_a_token_sees_drafts_that_nobody_else_sees(nord: District) -> None:
    client = with_token(nord, "editor")
    assert send(client, "get", "solution-teams/entwurf").json()["status"] == "draft"
    assert send(client, "get", "teams/geheim").status_code == 200
    assert send(client, "get", "people/ben").json()["name"] == "Ben Nord"
    for path in ("solution-teams/entwurf", "teams/geheim", "people/ben"):
        assert send(nord.client(), "get", path).status_code == 404


def test_an_editor_does_not_redirect_requests(nord: District) -> None:
    for path in ("teams/unterstuetzungsteam", "solution-teams/baeume"):
        send(with_token(nord, "editor"), "patch", path, {"contact_email": "ich@weg.example"})
    with nord.inside():
        assert Team.objects.get(slug="unterstuetzungsteam").contact_email == "ut@nord.example"
        assert nord.solution_team().contact_email == "baeume@nord.example"
    path = "solution-teams/baeume"
    send(with_token(nord), "patch", path, {"contact_email": "neu@nord.example"})
    with nord.inside():
        assert nord.solution_team().contact_email == "neu@nord.example"


def test_who_is_refused_is_recorded(nord: District) -> None:
    assert send(with_token(nord, "editor"), "get", "contact-requests").status_code == 403
    with nord.inside():
        entry = Entry.objects.get(action="request.refused")
        assert entry.actor == "editor@nord.example"
        assert entry.details["path"] == "/api/v1/contact-requests/"


def test_a_person_with_a_named_seat_is_not_deleted(nord: District) -> None:
    answer = send(with_token(nord), "delete", "people/ada")
    assert answer.status_code == 409
    with nord.inside():
        assert Person.objects.filter(slug="ada").exists()


@pytest.mark.parametrize("method", ["patch", "delete"])
def test_what_somebody_deletes_at_the_same_moment_is_not_there(
    nord: District, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    get_object = DirectoryViewSet.get_object

    def of_one_that_goes(view: Any) -> Any:
        found = get_object(view)
        copy.copy(found).delete()
        return found

    monkeypatch.setattr(DirectoryViewSet, "get_object", of_one_that_goes)
    answer = send(with_token(nord), method, "solution-teams/baeume", {"name": "Anders"})
    assert answer.status_code == (404 if method == "patch" else 204)
