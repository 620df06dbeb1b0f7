"""Which token may do what, one row for each part of a district's API, and in whose name it does it."""

from typing import Any

import pytest

from api.inbox import ContactRequestViewSet
from directory.contact import services as contact
from directory.contact.models import ContactRequest
from directory.ideas.models import Idea
from tests.api.test_writing import NEW, OLD, send, with_token
from tests.cast import ACTOR, District, body, idea_form
from tests.locks import row_locks
from wiq.accounts import services as accounts
from wiq.accounts.models import User
from wiq.accounts.roles import Role
from wiq.audit.models import Entry

SENT: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "contact-requests": (body(), {"state": "taken"}),
    "ideas": (idea_form(privacy_acknowledged=True), {"state": "review"}),
}
MODEL: dict[str, Any] = {"contact-requests": ContactRequest, "ideas": Idea}


@pytest.mark.parametrize("path", SENT)
def test_what_came_in_is_read_and_moved_by_a_coordinator_of_this_district_alone(
    nord: District, sued: District, path: str
) -> None:
    new, change = SENT[path]
    one = f"{path}/{send(nord.client(), 'post', path, new).json()['reference']}"
    refused = {
        "a visitor": (nord.client(), 401),
        "an editor": (with_token(nord, "editor"), 403),
        "the other district": (with_token(nord, of=sued), 401),
        "a session": (nord.signed_in("coordinator"), 401),
    }
    for who, (client, status) in refused.items():
        for method, address in (("get", path), ("get", one), ("patch", one)):
            answer = send(client, method, address, change if method == "patch" else None)
            assert answer.status_code == status, (who, method, address)
    with nord.inside():
        assert MODEL[path].objects.get().state in ("new", "received")
    ours = with_token(nord)
    assert send(ours, "get", path).json()["count"] == 1
    assert send(ours, "get", one).status_code == 200
    assert send(ours, "patch", one, change).json()["state"] == change["state"]
    assert send(ours, "delete", one).status_code == 405
    assert send(with_token(sued), "get", one).status_code == 404


@pytest.mark.parametrize("path", SENT)
def test_a_move_by_token_is_recorded_in_the_name_of_its_account(nord: District, path: str) -> None:
    new, change = SENT[path]
    one = f"{path}/{send(nord.client(), 'post', path, new).json()['reference']}"
    with nord.inside():
        accounts.create_account(email="zwei@nord.example", role=Role.COORDINATOR)
        token = accounts.create_token(User.objects.get(email="zwei@nord.example"))
    client = nord.client(authorization=f"Bearer {token}")
    assert send(client, "patch", one, change).status_code == 200
    with nord.inside():
        states = Entry.objects.filter(action__endswith=".state")
        assert [entry.actor for entry in states] == ["zwei@nord.example"]


def test_a_change_that_names_no_state_leaves_it(nord: District) -> None:
    sent = send(nord.client(), "post", "contact-requests", body())
    one = f"contact-requests/{sent.json()['reference']}"
    changed = send(with_token(nord), "patch", one, {"name": "Jemand anders", "message": "Weg."})
    assert (changed.status_code, changed.json()["state"]) == (200, "new")
    assert changed.json()["name"] == "Erika Beispiel"


def test_a_change_that_names_no_state_undoes_no_move_made_meanwhile(
    nord: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = send(nord.client(), "post", "contact-requests", body())
    read = ContactRequestViewSet.get_object

    def read_before_somebody_takes_it(view: ContactRequestViewSet) -> Any:
        found = read(view)
        contact.set_state(ContactRequest.objects.get(), "taken", actor=ACTOR)
        return found

    monkeypatch.setattr(ContactRequestViewSet, "get_object", read_before_somebody_takes_it)
    send(with_token(nord), "patch", f"contact-requests/{sent.json()['reference']}", {"name": "N."})
    with nord.inside():
        assert ContactRequest.objects.get().state == "taken"


def test_confirming_by_token_is_for_who_may_write_and_recorded(nord: District) -> None:
    path = "solution-teams/baeume/confirm"
    assert send(nord.client(), "post", path).status_code == 401
    with nord.inside():
        assert nord.solution_team().confirmed_at is None
    assert send(with_token(nord, "editor"), "post", path).status_code == 200
    with nord.inside():
        entry = Entry.objects.get(action="solutionteam.confirmed")
        assert entry.actor == "editor@nord.example"


TABLES = {
    "teams": "people_team",
    "people": "people_person",
    "solution-teams": "solutions_solutionteam",
}


@pytest.mark.parametrize("path", OLD)
def test_two_who_change_the_same_row_at_once_do_it_one_after_the_other(
    nord: District, path: str
) -> None:
    client = with_token(nord)
    with row_locks() as locked:
        changed = send(client, "patch", f"{path}/{OLD[path]}", {"name": "Anders als vorher"})
    assert changed.status_code == 200
    assert TABLES[path] in locked


@pytest.mark.parametrize("path", NEW)
def test_an_account_that_may_do_nothing_here_any_more_writes_nothing(
    nord: District, path: str
) -> None:
    client = with_token(nord)
    with nord.inside():
        User.objects.filter(email="coordinator@nord.example").update(is_active=False)
    assert send(client, "post", path, NEW[path]).status_code == 401
    assert send(client, "get", path).status_code == 401
