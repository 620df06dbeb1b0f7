"""A server that is away or hangs: who asks is told within two seconds, and nothing else breaks."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from itertools import count

import pytest

from tests.faults.outages import SECONDS, WEST, away, hung, in_time, sign_in
from tests.stack.prepared import prepared
from tests.stack.running import Answer, RunningStack, eventually, open_folder

pytestmark = [pytest.mark.thorough]
POSTGRES, VALKEY = "bin/postgres", "valkey"
# Whoever was signed in brings a cookie, and the sign-in stands in the database.
KNOWN = {"Cookie": "session=0123456789abcdefghijklmnopqrstuv"}
FORM = {
    "team": "unterstuetzungsteam",
    "name": "Erika Beispiel",
    "email": "ausfall@reise.example",
    "message": "Guten Tag, das ist ein Versuch.",
    "privacy_acknowledged": "on",
}
# Pages that nobody has asked for yet, so that none is in memory.
fresh = map("/loesungsteams/?q=neu{}".format, count())
Outage = Callable[[RunningStack, str], AbstractContextManager[None]]


@pytest.fixture(scope="module")
def stack() -> Iterator[RunningStack]:
    with open_folder("wiq-outage-") as folder:
        running = RunningStack(prepared(folder / "state")).start()
        yield running
        running.stop()


@pytest.fixture(autouse=True)
def well_before_and_after(stack: RunningStack) -> Iterator[None]:
    eventually(stack.healthy, 30)
    yield
    eventually(stack.healthy, 30)


def apologises(answer: Answer) -> None:
    """A page for people: it says that it is not their fault, and when to come again."""
    assert answer.status == 503
    assert answer.headers["Retry-After"] == "120"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "<h1>Gerade geht es nicht</h1>" in answer.text


def apologises_to_programs(answer: Answer) -> None:
    assert answer.status == 503
    assert answer.headers["Retry-After"] == "120"
    assert answer.json()["type"] == "server_error"
    (error,) = answer.json()["errors"]
    assert (error["code"], error["attr"]) == ("unavailable", None)
    assert "nicht erreichbar" in error["detail"]


def every_kind(stack: RunningStack) -> None:
    """Pages, desk, console, forms and API, of districts and of the platform."""
    get, post = stack.get, stack.post_form
    german = {"Accept-Language": "de"}
    apologises(in_time(lambda: get(next(fresh), WEST)))
    apologises(in_time(lambda: get(f"/quartiere/?seite={next(fresh)}")))
    apologises(in_time(lambda: get("/koordination/", WEST, **KNOWN)))
    apologises(in_time(lambda: get("/plattform/", **KNOWN)))
    apologises(in_time(lambda: get("/medien/bild/1/320.webp", WEST)))
    apologises_to_programs(in_time(lambda: get("/api/v1/teams/", WEST, **german)))
    apologises_to_programs(in_time(lambda: get("/api/v1/districts/", **german)))
    sent = in_time(lambda: post("/kontakt/", WEST, FORM))
    apologises(sent)
    assert "Wir können gerade nichts speichern." in sent.text
    data = {"name": "E", "email": "e@e.example", "message": "Guten Tag, das ist ein Versuch."}
    ask = partial(get, "/api/v1/contact-requests/", WEST, data | {"privacy_acknowledged": True})
    apologises_to_programs(in_time(lambda: ask(**german)))
    english = in_time(lambda: get(f"/en{next(fresh)}", WEST))
    assert (english.status, '<html lang="en">' in english.text) == (503, True)
    assert "Gerade" not in english.text
    token = {"Authorization": "Bearer 0123456789", **german}
    apologises_to_programs(in_time(lambda: get("/api/v1/contact-requests/", WEST, **token)))


@pytest.mark.parametrize("outage", [hung, away])
def test_without_the_database_everybody_is_told_within_two_seconds(
    stack: RunningStack, outage: Outage
) -> None:
    for _ in range(2):
        assert stack.get("/menschen/", WEST).status == 200
    with outage(stack, POSTGRES):
        every_kind(stack)
        # Readers keep what is in memory, and strangers learn no more than before.
        assert in_time(lambda: stack.get("/menschen/", WEST)).status == 200
        ready = in_time(lambda: stack.get("/health/ready"))
        assert (ready.status, ready.json()["status"]) == (503, "unavailable")
        assert ready.json()["database"].startswith("failed")
        assert in_time(lambda: stack.get("/health/live")).status == 200
    eventually(lambda: stack.get(next(fresh), WEST).status == 200, 15)


def test_a_host_that_nobody_asked_for_lately_is_told_as_well(stack: RunningStack) -> None:
    with hung(stack, POSTGRES):
        apologises(in_time(lambda: stack.get("/", "anderswo.localhost")))


def test_a_crowd_waits_no_longer_than_one(stack: RunningStack) -> None:
    """Four threads answer; without the first one's warning the twentieth would wait for five."""
    answers: list[tuple[float, int]] = []

    def ask() -> None:
        began = time.monotonic()
        status = stack.get(next(fresh), WEST).status
        answers.append((time.monotonic() - began, status))

    with hung(stack, POSTGRES):
        crowd = [threading.Thread(target=ask) for _ in range(20)]
        for one in crowd:
            one.start()
        for one in crowd:
            one.join()
    assert [status for _taken, status in answers] == [503] * 20
    # All at once on a small machine: one more second for the last than for anybody alone.
    assert max(answers)[0] < SECONDS + 1


def test_a_slow_query_is_no_outage(stack: RunningStack) -> None:
    """Web's own connection, asked for what takes longer than a server may be silent."""
    code = (
        "from django.db import connection as c; k = c.cursor();"
        "k.execute('SELECT pg_sleep(2.5)'); print(type(c.connection).__name__)"
    )
    environment = dict(stack.environment)
    stack.environment["WIQ_DB_POOL"] = "2"
    try:
        assert stack.manage(code).split() == ["PatientConnection"]
    finally:
        stack.environment = environment


@pytest.mark.parametrize("outage", [hung, away])
def test_without_valkey_visitors_notice_nothing(stack: RunningStack, outage: Outage) -> None:
    """Nothing is kept in Valkey alone: pages are made anew, and mails wait for the sweep."""
    assert stack.get("/menschen/", WEST).status == 200
    try_to_sign_in = sign_in(stack)
    assert try_to_sign_in().status == 200
    with outage(stack, VALKEY):
        for path in ("/menschen/", next(fresh), "/kontakt/", "/anmelden/"):
            assert in_time(lambda path=path: stack.get(path, WEST)).status == 200  # type: ignore[misc]
        assert in_time(lambda: stack.get("/quartiere/")).status == 200
        assert in_time(lambda: stack.get("/api/v1/teams/", WEST)).status == 200
        # Guesses are counted there, and by each process alone meanwhile.
        assert in_time(try_to_sign_in).status == 200
        sent = in_time(lambda: stack.send_request(f"{outage.__name__}@reise.example"))
        assert sent.status == 201
        assert in_time(lambda: stack.post_form("/kontakt/", WEST, FORM)).status in (200, 302, 303)
        ready = in_time(lambda: stack.get("/health/ready")).json()
        assert {ready["cache"], ready["queue"]} != {"ok"}
        assert ready["database"] == "ok"
    reference = sent.json()["reference"]
    eventually(lambda: stack.get("/postfach/").text.count(reference) == 2, 120, "both mails")
