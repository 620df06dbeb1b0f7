"""The webhook for incoming mail, as the contract has it."""

from typing import Any

import pytest
from django.test import Client

from tests.cast import District
from tests.inbound.hostile_mails import HOSTILE, addressed
from tests.inbound.reporting import path_of, report, sent_to
from wiq.inbound.models import Taken
from wiq.outbox.models import Pointer, State

WORD = "w" * 40
TO = "weg@webhook-hier.example"


@pytest.fixture
def open_webhook(settings: Any) -> None:
    settings.WIQ_INBOUND_TOKEN = WORD


def hand_over(client: Client, mail: bytes, word: str = WORD, kind: str = "message/rfc822") -> Any:
    return client.post(
        "/api/v1/inbound/", mail, content_type=kind, headers={"authorization": f"Bearer {word}"}
    )


def test_a_mail_is_taken_and_its_fate_answered(
    open_webhook: None, platform: Client, nord: District
) -> None:
    mail = report("postfix", path_of(sent_to(nord, TO)), TO)
    for _time in range(2):
        answer = hand_over(platform, mail)
        assert (answer.status_code, answer.json()) == (202, {"outcome": "bounce"})
    assert Taken.objects.count() == 1
    assert Pointer.objects.filter(state=State.DEAD).count() == 1


def test_a_mail_to_nobody_is_ignored(open_webhook: None, platform: Client) -> None:
    for mail in (b"To: post@wiq.example\n\nHallo", b"", b"\xff\xfe kein Kopf", b"a: b\n" * 3000):
        answer = hand_over(platform, mail)
        assert (answer.status_code, answer.json()) == (202, {"outcome": "ignored"})


def test_without_a_token_set_there_is_no_such_address(platform: Client) -> None:
    for word in (WORD, ""):
        assert hand_over(platform, b"To: a@b.example\n\n", word).status_code == 404


@pytest.mark.parametrize("word", ["", "falsch", "ü" * 40, WORD[:-1]])
def test_another_token_opens_nothing(open_webhook: None, platform: Client, word: str) -> None:
    answer = hand_over(platform, b"To: a@b.example\n\nx", word)
    assert answer.status_code == 401
    assert not Taken.objects.exists()


def test_it_takes_mails_and_nothing_else(
    open_webhook: None, platform: Client, nord: District
) -> None:
    assert hand_over(platform, b"{}", kind="application/json").status_code == 415
    assert nord.client().post("/api/v1/inbound/").status_code == 404
    assert platform.get("/api/v1/inbound/").status_code in (401, 405)


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_a_mail_that_nothing_takes_apart_is_refused_for_good(
    open_webhook: None, platform: Client, hostile: bytes
) -> None:
    answer = hand_over(platform, hostile)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "parse_error")


def test_of_a_long_list_of_guesses_the_first_are_looked_at(
    open_webhook: None, platform: Client
) -> None:
    assert hand_over(platform, addressed(300)).json() == {"outcome": "ignored"}
    assert Taken.objects.count() == 20


def test_a_mail_with_a_large_attachment_is_taken_from_who_has_the_token(
    open_webhook: None, platform: Client
) -> None:
    large = b"To: a@b.example\n\n" + b"x" * 7_000_000
    assert hand_over(platform, large).status_code == 202
    assert hand_over(platform, large, "falsch").status_code in (401, 413)
    too_large = b"To: a@b.example\n\n" + b"x" * 26_300_000
    assert hand_over(platform, too_large).status_code == 413
