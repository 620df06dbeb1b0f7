"""Hostile requests get an answer that says what is wrong, never a server error."""

from typing import Any

import pytest

from tests.api.test_writing import NEW, send, with_token
from tests.cast import District

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


@pytest.mark.parametrize("value", VALUES, ids=ascii)
@pytest.mark.parametrize("path", NEW)
def test_any_value_in_any_field_is_answered(nord: District, path: str, value: Any) -> None:
    client = with_token(nord)
    extra = {"solution-teams": ("status", "status_date", "topics"), "teams": ("position",)}
    for field in (*NEW[path], *extra.get(path, ())):
        assert send(client, "post", path, NEW[path] | {field: value}).status_code < 500, field


@pytest.mark.parametrize("method", ["TRACE", "FOO", "PUT", "OPTIONS"])
@pytest.mark.parametrize("path", [*NEW, "topics", "ideas", "contact-requests", "district"])
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
