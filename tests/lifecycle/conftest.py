"""What lifecycle puts into the queue."""

from typing import Any

import pytest
from celery import current_app


@pytest.fixture
def queued(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """The tasks that are sent during the test, each with the schema it is for."""
    sent: list[tuple[str, str]] = []

    def send(name: str, headers: dict[str, str], **options: Any) -> None:
        sent.append((name, headers["_schema_name"]))

    monkeypatch.setattr(current_app, "send_task", send)
    return sent
