"""Wrong passwords: who guesses waits, whoever owns the account signs in meanwhile."""

from datetime import UTC, datetime, timedelta
from statistics import median
from time import perf_counter
from typing import Any

import pytest
import time_machine
from celery import current_app
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_redis import get_redis_connection
from redis.exceptions import ConnectionError as RedisAway

from tests.cast import PASSWORD, District
from wiq.accounts import guesses
from wiq.accounts.tasks import mail_reset_link
from wiq.mail.models import Message

EDITOR, OTHER = "editor@nord.example", "coordinator@nord.example"
KNOWN = settings.KNOWN_BROWSER_COOKIE_NAME
WAIT = "zu oft nicht geklappt"


def sign_in(
    client: Client, password: str, *, account: str = EDITOR, address: str = "192.0.2.1"
) -> Any:
    return client.post("/anmelden/", {"login": account, "password": password}, REMOTE_ADDR=address)


def has_to_wait(answer: Any) -> bool:
    return WAIT in answer.content.decode()


def guess(district: District, times: int, **where: str) -> list[bool]:
    return [has_to_wait(sign_in(district.client(), "geraten", **where)) for _ in range(times)]


def test_five_wrong_passwords_from_elsewhere_keep_nobody_out(nord: District) -> None:
    assert guess(nord, 6) == [False] * 5 + [True]
    assert has_to_wait(sign_in(nord.client(), PASSWORD))
    assert sign_in(nord.client(), PASSWORD, address="198.51.100.7").status_code == 302


def test_neighbours_in_one_ipv6_network_count_as_one(nord: District) -> None:
    waits = [guess(nord, 1, address=f"2001:db8:1:2::{n}")[0] for n in range(1, 7)]
    assert waits == [False] * 5 + [True]
    assert sign_in(nord.client(), PASSWORD, address="2001:db8:1:3::1").status_code == 302


def test_a_browser_that_was_signed_in_is_let_in_from_the_guessers_own_network(
    nord: District,
) -> None:
    known = nord.client()
    assert sign_in(known, PASSWORD).status_code == 302
    known.post("/anmelden/abmelden/")
    guess(nord, 12)
    assert has_to_wait(sign_in(nord.client(), PASSWORD))
    assert sign_in(known, PASSWORD).status_code == 302


def test_what_is_known_holds_for_its_own_account_and_district_alone(
    nord: District, sued: District
) -> None:
    known = nord.client()
    sign_in(known, PASSWORD)
    known.post("/anmelden/abmelden/")
    guess(nord, 6, account=OTHER)
    assert has_to_wait(sign_in(known, PASSWORD, account=OTHER))
    elsewhere = sued.client()
    elsewhere.cookies[KNOWN] = known.cookies[KNOWN].value
    guess(sued, 6, account="editor@sued.example")
    assert has_to_wait(sign_in(elsewhere, PASSWORD, account="editor@sued.example"))
    forged = nord.client()
    forged.cookies[KNOWN] = known.cookies[KNOWN].value[:-1] + "x"
    guess(nord, 6)
    assert has_to_wait(sign_in(forged, PASSWORD))


def test_a_known_browser_may_not_guess_without_end_either(nord: District) -> None:
    known = nord.client()
    sign_in(known, PASSWORD)
    known.post("/anmelden/abmelden/")
    waits = [has_to_wait(sign_in(known, "geraten")) for _ in range(11)]
    assert waits == [False] * 10 + [True]


def test_guesses_from_everywhere_stop_strangers_after_a_hundred_and_no_known_browser(
    nord: District, rf: Any
) -> None:
    known = nord.client()
    sign_in(known, PASSWORD)
    known.post("/anmelden/abmelden/")
    with nord.inside():
        for number in range(guesses.OF_ACCOUNT.tries):
            asking = rf.post("/anmelden/", REMOTE_ADDR=f"203.0.113.{number}")
            assert guesses.begin(asking, EDITOR) is not None
    assert has_to_wait(sign_in(nord.client(), PASSWORD, address="198.51.100.8"))
    assert sign_in(known, PASSWORD, address="198.51.100.8").status_code == 302


def test_a_new_password_lets_its_owner_in_with_a_new_browser_though_others_guess_on(
    nord: District, rf: Any
) -> None:
    client = nord.signed_in("editor")
    with nord.inside():
        for number in range(guesses.OF_ACCOUNT.tries):
            guesses.begin(rf.post("/anmelden/", REMOTE_ADDR=f"203.0.113.{number}"), EDITOR)
    new = "sieben Enten am Kanal"
    fields = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert has_to_wait(sign_in(nord.client(), PASSWORD, address="198.51.100.8"))
    assert client.post("/anmelden/passwort/", fields).status_code == 302
    assert sign_in(nord.client(), new, address="198.51.100.8").status_code == 302


def test_right_passwords_are_not_counted(nord: District) -> None:
    for _ in range(7):
        assert sign_in(nord.client(), PASSWORD).status_code == 302


def test_addresses_without_an_account_wait_like_others(nord: District) -> None:
    assert guess(nord, 6, account="niemand@nord.example") == [False] * 5 + [True]


def test_the_cookie_is_set_at_sign_in_only_and_says_nothing(nord: District) -> None:
    client = nord.client()
    client.get("/anmelden/")
    sign_in(client, "geraten")
    assert KNOWN not in client.cookies
    sign_in(client, PASSWORD)
    cookie = client.cookies[KNOWN]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert not cookie["domain"]
    assert EDITOR not in cookie.value


def test_while_valkey_is_away_guessing_is_slow_as_well(
    nord: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*args: Any, **kwargs: Any) -> None:
        raise RedisAway

    monkeypatch.setattr(type(get_redis_connection("default")), "eval", away)
    assert guess(nord, 6, address="192.0.2.77") == [False] * 5 + [True]


def test_a_new_password_ends_the_wait(nord: District) -> None:
    client = nord.signed_in("editor")
    guess(nord, 6, address="127.0.0.1")
    new = "sieben Enten am Kanal"
    fields = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert has_to_wait(sign_in(nord.client(), PASSWORD, address="127.0.0.1"))
    assert client.post("/anmelden/passwort/", fields).status_code == 302
    assert sign_in(nord.client(), new, address="127.0.0.1").status_code == 302


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """The tasks that were queued, with what they hold."""
    sent: list[tuple[str, Any]] = []
    monkeypatch.setattr(
        current_app,
        "send_task",
        lambda name, args=(), headers=None, **options: sent.append((name, args)),
    )
    return sent


def forget(district: District, email: str) -> Any:
    return district.client().post("/anmelden/passwort/vergessen/", {"email": email})


def test_who_forgot_a_password_gets_the_same_page_by_the_same_statements(
    nord: District, asked: list[tuple[str, Any]]
) -> None:
    forget(nord, "warm@nord.example")
    statements = []
    for email in (EDITOR, "niemand@nord.example", EDITOR.upper()):
        with CaptureQueriesContext(connection) as queries:
            answer = forget(nord, email)
        assert answer.status_code == 302
        statements.append([query["sql"].partition("WHERE")[0] for query in queries])
    assert statements[0] == statements[1] == statements[2]
    assert [name for name, _ in asked] == ["wiq.accounts.tasks.mail_reset_link"] * 4
    with nord.inside():
        assert not Message.objects.exists()


def test_the_worker_mails_a_link_to_accounts_alone_and_the_queue_holds_no_address(
    nord: District, sued: District, asked: list[tuple[str, Any]]
) -> None:
    for email in (EDITOR, "niemand@nord.example"):
        forget(nord, email)
    assert EDITOR not in repr(asked)
    for name, args in asked:
        assert name == mail_reset_link.name
        task = mail_reset_link
        task.apply(args=args, headers={"_schema_name": nord.row.schema_name}, throw=True)
        task.apply(args=args, headers={"_schema_name": sued.row.schema_name}, throw=True)
    with nord.inside():
        assert [message.to for message in Message.objects.all()] == [EDITOR]
    with sued.inside():
        assert not Message.objects.exists()


def test_a_mailed_link_that_was_changed_or_came_too_late_is_dropped(
    nord: District,
    asked: list[tuple[str, Any]],
) -> None:
    forget(nord, EDITOR)
    (_, (sealed, language)) = asked[0]
    task, headers = mail_reset_link, {"_schema_name": nord.row.schema_name}
    task.apply(args=("x" + sealed, language), headers=headers, throw=True)
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=3602)):
        task.apply(args=(sealed, language), headers=headers, throw=True)
    with nord.inside():
        assert not Message.objects.exists()


@pytest.mark.thorough
def test_known_and_unknown_addresses_take_the_same_time(
    nord: District, asked: list[tuple[str, Any]], settings: Any
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"reset_password": None}

    def seconds(email: str) -> float:
        start = perf_counter()
        assert forget(nord, email).status_code == 302
        return perf_counter() - start

    known, unknown = [], []
    for _ in range(100):
        known.append(seconds(EDITOR))
        unknown.append(seconds("niemand@nord.example"))
    assert 0.8 < median(known) / median(unknown) < 1.25, (median(known), median(unknown))
