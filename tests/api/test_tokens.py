"""Tokens of the API: what each is for, until when, and how it ends."""

from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from knox.models import AuthToken

from tests.api.test_writing import send
from tests.audited import said
from tests.cast import ACTOR, PASSWORD, District, body, project_team
from wiq.accounts import services
from wiq.accounts.models import ApiToken, Scope, User

WORD = "Kanalputz-Anzeige"


def token_of(district: District, *scopes: Scope, role: str = "coordinator", **term: Any) -> str:
    with district.inside():
        user = User.objects.get(email=f"{role}@{district.slug}.example")
        return services.create_token(user, name=WORD, scopes=scopes or tuple(Scope), **term)


def with_word(district: District, token: str) -> Client:
    return district.client(authorization=f"Bearer {token}")


ASKED: dict[str, tuple[str, str, Any]] = {
    "a draft": ("get", "solution-teams/entwurf", None),
    "a change": ("patch", "solution-teams/baeume", {"place": "Kanal"}),
    "the inbox": ("get", "contact-requests", None),
}
WRITES, INBOX = ASKED["a change"], ASKED["the inbox"]


@pytest.mark.parametrize(("scope", "statuses"), [
    (Scope.READ, (200, 403, 403)), (Scope.CONTENT, (200, 200, 403)), (Scope.REQUESTS, (404, 403, 200)),
])  # fmt: skip
def test_a_token_does_what_it_is_for_and_nothing_else(
    nord: District, scope: Scope, statuses: tuple[int, ...]
) -> None:
    script = with_word(nord, token_of(nord, scope))
    for (what, asked), status in zip(ASKED.items(), statuses, strict=True):
        assert send(script, *asked).status_code == status, what
    assert send(script, "get", "solution-teams/baeume").status_code == 200


def test_several_scopes_allow_each_of_them_and_never_more_than_the_role(nord: District) -> None:
    both = with_word(nord, token_of(nord, Scope.CONTENT, Scope.REQUESTS))
    assert send(both, *WRITES).status_code == 200
    assert send(both, *INBOX[:2]).status_code == 200
    editors = with_word(nord, token_of(nord, role="editor"))
    assert send(editors, *INBOX[:2]).status_code == 403


def test_where_requests_go_is_set_by_tokens_of_requests_alone(nord: District) -> None:
    asked = ("patch", "teams/unterstuetzungsteam", {"contact_email": "neu@nord.example"})
    for scopes, address in (
        ((Scope.CONTENT,), "ut@nord.example"),
        ((Scope.CONTENT, Scope.REQUESTS), "neu@nord.example"),
    ):
        assert send(with_word(nord, token_of(nord, *scopes)), *asked).status_code == 200
        assert nord.team().contact_email == address


@pytest.mark.parametrize(("scopes", "status"), [
    ((Scope.READ,), {"read": 200, "move": 403, "visit": 403, "invite": 403, "file": 200, "people": 403, "applications": 403}),
    ((Scope.CONTENT,), {"read": 200, "move": 200, "visit": 403, "invite": 403, "file": 200, "people": 403, "applications": 403}),
    ((Scope.REQUESTS,), {"read": 403, "move": 403, "visit": 403, "invite": 403, "file": 403, "people": 403, "applications": 200}),
])  # fmt: skip
def test_the_project_teams_tokens_open_no_way_to_requests_unless_they_are_for_them(
    nord: District, platform: Client, scopes: tuple[Scope, ...], status: dict[str, int]
) -> None:
    token = services.create_token(project_team(), scopes=scopes)
    script = Client(headers={"host": "localhost", "authorization": f"Bearer {token}"})
    asked = {
        "read": ("get", "districts/nord", None),
        "move": ("patch", "districts/nord", {"state": "hidden"}),
        "visit": ("post", "districts/nord/visits", {"reason": "Hilfe", "minutes": 30}),
        "invite": ("post", "districts/nord/coordinators", {"email": "zwei@nord.example"}),
        "file": ("get", "districts/nord/export", None),
        "applications": ("get", "applications", None),
    }
    for name, (method, path, sent) in asked.items():
        assert send(script, method, path, sent).status_code == status[name], name
    people = script.get("/api/v1/districts/nord/export/?personal_data=1")
    assert people.status_code == status["people"]


def test_a_token_ends_with_its_term(nord: District) -> None:
    script = with_word(nord, token_of(nord, days=3))
    with time_machine.travel(timezone.now() + timedelta(days=2, hours=23)):
        assert send(script, *INBOX[:2]).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=3, minutes=1)):
        assert send(script, *INBOX[:2]).status_code == 401


@pytest.mark.parametrize("days", [0, -1, 2000])
def test_a_token_without_a_sensible_term_is_not_made(nord: District, days: int) -> None:
    with pytest.raises(services.ValidationError):
        token_of(nord, days=days)
    with nord.inside():
        assert not AuthToken.objects.exists()


def test_its_last_use_is_noted_without_writing_each_time(nord: District) -> None:
    script = with_word(nord, token_of(nord))
    with nord.inside():
        assert ApiToken.objects.get().last_used_at is None
    send(script, *INBOX[:2])
    with nord.inside():
        first = ApiToken.objects.get().last_used_at
        assert first is not None
    send(script, *INBOX[:2])
    with nord.inside():
        assert ApiToken.objects.get().last_used_at == first
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        send(script, *INBOX[:2])
    with nord.inside():
        assert ApiToken.objects.get().last_used_at > first


def test_a_new_password_ends_all_tokens_of_the_account_and_no_others(nord: District) -> None:
    script, others = with_word(nord, token_of(nord)), with_word(nord, token_of(nord, role="editor"))
    new = "sieben Enten am Kanal"
    fields = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    nord.signed_in("coordinator").post("/anmelden/passwort/", fields)
    assert send(script, *INBOX[:2]).status_code == 401
    assert send(others, "get", "teams").status_code == 200
    with nord.inside():
        assert said("token.all_ended")
        user = User.objects.get(email="editor@nord.example")
        services.set_password(user, new, actor=ACTOR)
    assert send(others, "get", "teams").status_code == 401


def test_the_desk_lists_tokens_without_the_secret_and_ends_one_alone(
    nord: District, sued: District
) -> None:
    first, second = token_of(nord, Scope.READ), token_of(nord)
    with nord.inside():
        number = ApiToken.objects.get(scopes=["read"]).pk
    page = "/koordination/accounts/apitoken/"
    desk = nord.signed_in("coordinator")
    shown = desk.get(page).content.decode()
    assert WORD in shown
    assert "lesen, auch Entwürfe" in shown
    assert first[:15] not in shown
    assert nord.signed_in("editor").get(page).status_code == 403
    assert sued.signed_in("coordinator").get(f"{page}{number}/change/").status_code == 302
    one = desk.get(f"{page}{number}/change/").content.decode()
    assert WORD in one
    assert "+00:00" not in one
    assert desk.post(f"{page}{number}/delete/", {"post": "yes"}).status_code == 302
    assert send(with_word(nord, first), "get", "teams").status_code == 401
    assert send(with_word(nord, second), "get", "teams").status_code == 200
    with nord.inside():
        assert [action for action, _ in said("token.")][-1] == "token.revoked"


def test_a_token_of_which_nothing_is_known_opens_nothing(nord: District) -> None:
    token = token_of(nord)
    with nord.inside():
        ApiToken.objects.all().delete()
    assert send(with_word(nord, token), *INBOX[:2]).status_code == 401


def test_tokens_from_before_go_on_for_a_year_with_all_scopes(nord: District) -> None:
    migration = import_module("wiq.accounts.migrations.0005_tokens_so_far")
    with nord.inside():
        _row, token = AuthToken.objects.create(
            User.objects.get(email="coordinator@nord.example"), expiry=None
        )
        with connection.cursor() as cursor:
            for statement in (migration.TERM, migration.DESCRIBE, migration.DESCRIBE):
                cursor.execute(statement)
    script = with_word(nord, token)
    assert send(script, *INBOX[:2]).status_code == 200
    assert send(script, *WRITES).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=366)):
        assert send(script, *INBOX[:2]).status_code == 401


def test_the_command_makes_tokens_with_scopes_and_a_term(
    nord: District, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("--district", "nord", "coordinator@nord.example")
    call_command(
        "create_api_token",
        *words,
        "--scope",
        "read",
        "--scope",
        "requests",
        "--days",
        "30",
        "--name",
        WORD,
    )
    token = capsys.readouterr().out.splitlines()[-1]
    script = with_word(nord, token)
    assert send(script, *INBOX[:2]).status_code == 200
    assert send(script, *WRITES).status_code == 403
    with nord.inside():
        made = ApiToken.objects.get()
        assert made.token.expiry.date() == (timezone.now() + timedelta(days=30)).date()
    call_command("create_api_token", *words)
    assert (
        send(with_word(nord, capsys.readouterr().out.splitlines()[-1]), *WRITES).status_code == 200
    )
    with pytest.raises(CommandError):
        call_command("create_api_token", *words, "--days", "0")
    with pytest.raises(CommandError):
        call_command("create_api_token", *words, "--scope", "everything")


def test_a_request_sent_by_a_token_of_another_scope_is_taken_like_anybodys(nord: District) -> None:
    script = with_word(nord, token_of(nord, Scope.READ))
    assert send(script, "post", "contact-requests", body()).status_code == 201
