"""Sessions: what is kept of them opens nothing, and they end when nobody comes."""

from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
import time_machine
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as OlderStore
from django.contrib.sessions.models import Session as OlderSession
from django.db import connection
from django.utils import timezone

from tests.cast import PASSWORD, District
from wiq.accounts import sessions
from wiq.accounts.browser_names import browser_name
from wiq.accounts.models import Session, User
from wiq.accounts.sessions import SessionStore

DESK = "/koordination/"


def is_in(client: Any) -> bool:
    return bool(client.get(DESK).status_code == 200)


def test_what_the_database_keeps_signs_nobody_in(nord: District) -> None:
    client = nord.signed_in("editor")
    key = client.cookies["session"].value
    with nord.inside():
        kept = Session.objects.get()
        assert kept.user.email == "editor@nord.example"
        assert key not in (kept.session_key, kept.session_data)
        assert "_auth_user" not in kept.session_data
        assert SessionStore(key)[SESSION_KEY] == str(kept.user.pk)
        assert SessionStore(kept.session_key).get(SESSION_KEY) is None
    thief = nord.client()
    thief.cookies["session"] = kept.session_key
    assert not is_in(thief)
    assert is_in(client)


def test_a_session_ends_when_nobody_comes_for_half_a_day(nord: District) -> None:
    client = nord.signed_in("editor")
    now = timezone.now()
    for hours in (11, 22, 33):
        with time_machine.travel(now + timedelta(hours=hours)):
            assert is_in(client)
    with time_machine.travel(now + timedelta(hours=33) + sessions.IDLE + timedelta(minutes=1)):
        assert not is_in(client)


def test_and_after_two_weeks_in_any_case(nord: District) -> None:
    client = nord.signed_in("editor")
    now = timezone.now()
    for hours in range(11, 14 * 24, 11):
        with time_machine.travel(now + timedelta(hours=hours)):
            assert is_in(client)
    with time_machine.travel(now + timedelta(days=14, minutes=1)):
        assert not is_in(client)


def test_nothing_that_is_written_into_a_session_makes_it_longer(nord: District) -> None:
    client = nord.signed_in("editor")
    now = timezone.now()
    key = client.cookies["session"].value
    for hours in range(11, 14 * 24, 11):
        with time_machine.travel(now + timedelta(hours=hours)):
            assert is_in(client)
            # As the page does that offers a new secret for an app: no password is asked for it.
            with nord.inside():
                written = SessionStore(key)
                written["offered"] = hours
                written.save()
    with time_machine.travel(now + timedelta(days=14, minutes=1)):
        assert not is_in(client)
    # Shorter it may become, as for a visit.
    again = nord.signed_in("editor")
    with nord.inside():
        written = SessionStore(again.cookies["session"].value)
        written.set_expiry(60)
        written.save()
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        assert not is_in(again)


def test_a_visit_is_noted_every_few_minutes_and_not_each_time(nord: District) -> None:
    client = nord.signed_in("editor")
    with nord.inside():
        before = Session.objects.get().last_seen_at
    client.get(DESK)
    with nord.inside():
        assert Session.objects.get().last_seen_at == before
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        client.get(DESK)
    with nord.inside():
        assert Session.objects.get().last_seen_at > before


def test_who_was_signed_in_before_stays_so_and_the_old_table_is_emptied(nord: District) -> None:
    with nord.inside():
        user = User.objects.get(email="editor@nord.example")
        older = OlderStore()
        older[SESSION_KEY], older[BACKEND_SESSION_KEY] = (
            str(user.pk),
            "allauth.account.auth_backends.AuthenticationBackend",
        )
        older[HASH_SESSION_KEY] = user.get_session_auth_hash()
        older.create()
        migration = import_module("wiq.accounts.migrations.0007_sessions_so_far")
        with connection.cursor() as cursor:
            cursor.execute(migration.COPY)
            cursor.execute(migration.COPY)
    client = nord.client()
    client.cookies["session"] = older.session_key or ""
    assert is_in(client)
    with nord.inside():
        assert Session.objects.get().user == user
        sessions.forget_over()
        assert not OlderSession.objects.exists()
        assert Session.objects.exists()
    assert is_in(client)


def test_the_night_forgets_what_is_over(nord: District) -> None:
    nord.signed_in("editor")
    nord.signed_in("coordinator")
    with nord.inside():
        Session.objects.filter(user__email="editor@nord.example").update(
            last_seen_at=timezone.now() - sessions.IDLE
        )
        assert sessions.forget_over() == 1
        assert [row.user.email for row in Session.objects.all()] == ["coordinator@nord.example"]


@pytest.mark.parametrize(("header", "name"), [
    ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0", "Firefox, Windows"),
    ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36 Edg/131.0", "Edge, Windows"),
    ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Mobile Safari/537.36", "Chrome, Android"),
    ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1", "Safari, iPhone"),
    ("curl/8.5", ""), ("", ""),
])  # fmt: skip
def test_browsers_are_called_what_people_call_them(header: str, name: str) -> None:
    assert browser_name(header) == name


def sign_in(district: District, agent: str) -> Any:
    client = district.client(**{"user-agent": agent})
    client.post("/anmelden/", {"login": "editor@nord.example", "password": PASSWORD})
    return client
