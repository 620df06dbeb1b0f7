"""The container's own question whether its web server answers."""

import pytest

from tests.stack.running import RunningStack, free_port
from wiq import health_check


@pytest.fixture(autouse=True)
def on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIQ_DOMAIN", "localhost")


def test_a_server_that_answers_is_healthy(
    stack: RunningStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health_check, "PORT", stack.port)
    assert health_check.main() == 0


def test_a_server_for_another_host_is_not(
    stack: RunningStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health_check, "PORT", stack.port)
    monkeypatch.setenv("WIQ_DOMAIN", "anderswo.example")
    assert health_check.main() == 1


def test_nobody_on_the_port_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health_check, "PORT", free_port())
    assert health_check.main() == 1
