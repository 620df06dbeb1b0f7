"""What counts as an outage, and who tries a server that was silent."""

import errno
import threading
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError
from django.test import RequestFactory
from django.utils import translation
from drf_standardized_errors.handler import exception_handler
from redis.exceptions import ResponseError
from rest_framework.request import Request

from wiq.outages import PAUSE_SECONDS, Circuit, is_outage


def _led_to(first: Exception, second: Exception) -> Exception:
    """Return ``second`` as it is raised while ``first`` is handled."""
    try:
        try:
            raise first
        except Exception:
            raise second  # noqa: B904 (the context is what this is about)
    except Exception as error:
        return error


@pytest.mark.parametrize(
    ("error", "is_one"),
    [
        (OperationalError(), True),
        (ResponseError("MISCONF Errors writing to the AOF file: No space left on device"), True),
        (OSError(errno.ENOSPC, "No space left on device"), True),
        (_led_to(OperationalError(), RuntimeError("the transaction is broken")), True),
        (IntegrityError(), False),
        (OSError(errno.ENOENT, "No such file"), False),
        (_led_to(ValueError(), RuntimeError()), False),
        (None, False),
    ],
)
def test_an_outage_is_what_only_the_operator_can_mend(
    error: Exception | None, is_one: bool
) -> None:
    assert is_outage(error) is is_one


def in_another_thread(circuit: Circuit) -> bool:
    said: list[bool] = []
    thread = threading.Thread(target=lambda: said.append(circuit.refuses()))
    thread.start()
    thread.join()
    return said[0]


def test_a_silent_server_is_tried_by_one_after_a_pause_and_by_nobody_before() -> None:
    now = [0.0]
    circuit = Circuit(lambda: now[0])
    assert not circuit.refuses()
    circuit.note_silence()
    assert circuit.is_silent()
    assert circuit.refuses()
    now[0] += PAUSE_SECONDS + 0.1
    # This thread tries it, with as many questions as it takes; the others go on without.
    assert [circuit.refuses() for _ in range(3)] == [False] * 3
    assert in_another_thread(circuit)
    circuit.note_silence()
    assert circuit.refuses()
    now[0] += PAUSE_SECONDS + 0.1
    assert not circuit.refuses()
    circuit.note_answer()
    assert not circuit.is_silent()
    assert not in_another_thread(circuit)


def test_who_tried_and_never_came_back_is_followed_by_another() -> None:
    now = [0.0]
    circuit = Circuit(lambda: now[0])
    circuit.note_silence()
    now[0] += PAUSE_SECONDS + 0.1
    assert not in_another_thread(circuit)
    assert circuit.refuses()
    now[0] += PAUSE_SECONDS + 0.1
    assert not circuit.refuses()


@pytest.mark.parametrize(
    ("language", "words"), [("de", "nicht erreichbar"), ("en", "reached at the moment")]
)
def test_the_api_tells_an_outage_in_its_own_shape_and_in_the_readers_language(
    rf: RequestFactory, language: str, words: str
) -> None:
    context: Any = {"view": None, "request": Request(rf.get("/api/v1/teams/")), "args": ()}
    with translation.override(language):
        answer = exception_handler(OperationalError("server closed the connection"), context)
    assert answer is not None
    assert (answer.status_code, answer["Retry-After"]) == (503, "120")
    (error,) = answer.data["errors"]
    assert (answer.data["type"], error["code"], error["attr"]) == (
        "server_error",
        "unavailable",
        None,
    )
    assert words in error["detail"]
    assert "closed" not in error["detail"]


def test_what_is_our_own_fault_stays_500(rf: RequestFactory) -> None:
    context: Any = {"view": None, "request": Request(rf.get("/api/v1/teams/")), "args": ()}
    answer = exception_handler(KeyError("x"), context)
    assert answer is not None
    assert answer.status_code == 500
    assert "Retry-After" not in answer
