"""Districts being made while the parts fail: each order ends in a whole district, or in nothing."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.faults.test_faults import MailServer, database
from tests.stack.prepared import prepared
from tests.stack.running import RunningStack, eventually, open_folder

pytestmark = [pytest.mark.thorough]
STEPS = ("district", "kit", "invitation", "finish")
SCHEMAS = "SELECT count(*) FROM pg_namespace WHERE nspname ~ '^d_[0-9a-f]{16}$'"
ROLES = "SELECT count(*) FROM pg_roles WHERE rolname ~ '^d_[0-9a-f]{16}$'"


@pytest.fixture(scope="module")
def mail_server() -> Iterator[MailServer]:
    server = MailServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def stack(mail_server: MailServer) -> Iterator[RunningStack]:
    with open_folder("wiq-orders-") as folder:
        address = f"smtp://127.0.0.1:{mail_server.port}"
        running = RunningStack(prepared(folder / "state"), EMAIL_URL=address).start()
        yield running
        running.stop()


@pytest.fixture(scope="module")
def token(stack: RunningStack) -> str:
    import subprocess
    import sys

    command = [sys.executable, "run.py", "manage", "create_api_token", "--platform",
               "projektteam@wiq.example"]  # fmt: skip
    environment = stack.environment | {"WIQ_STATE": str(stack.state)}
    said = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return said.stdout.splitlines()[-1]


def order(stack: RunningStack, token: str, slug: str) -> str:
    data = {
        "slug": slug,
        "name": slug.title(),
        "city": "Leipzig",
        "coordinator": f"k@{slug}.example",
    }
    answer = stack.get("/api/v1/districts/", data=data, Authorization=f"Bearer {token}")
    assert answer.status == 202, answer.text
    return "/" + json.loads(answer.text)["status_url"].split("/", 3)[3]


def state(stack: RunningStack, path: str) -> dict[str, Any]:
    try:
        answer = stack.get(path)
        found: dict[str, Any] = json.loads(answer.text) if answer.status == 200 else {}
    except (OSError, ValueError):
        found = {}
    return found


def whole(stack: RunningStack, slugs: list[str]) -> None:
    """Every district is complete: rows, schemas and roles match, each with kit and one invitation."""
    with database(stack) as connection:
        rows = connection.execute("SELECT slug, schema_name FROM districts_district").fetchall()
        schemas = connection.execute(SCHEMAS).fetchone()
        roles = connection.execute(ROLES).fetchone()
        assert schemas == roles == (len(rows),)
        for slug, schema in rows:
            if slug in slugs:
                counts = connection.execute(
                    f'SELECT (SELECT count(*) FROM "{schema}".people_team),'
                    f' (SELECT count(*) FROM "{schema}".accounts_invitation),'
                    f' (SELECT count(*) FROM "{schema}".mail_message)'
                ).fetchone()
                assert counts == (2, 1, 1), slug
        assert {slug for slug, _schema in rows} >= set(slugs)


def finish(stack: RunningStack, paths: list[str]) -> None:
    for path in paths:
        eventually(lambda path=path: state(stack, path).get("state") == "done", 120, path)


@pytest.mark.parametrize("delay", [0.0, 0.1, 0.25, 0.5])
def test_a_worker_killed_in_between(stack: RunningStack, token: str, delay: float) -> None:
    slugs = [f"w{int(delay * 100)}-{name}" for name in ("amsel", "buche", "clivie")]
    paths = [order(stack, token, slug) for slug in slugs]
    time.sleep(delay)
    stack.child("celery_app worker").kill()
    finish(stack, paths)
    whole(stack, slugs)


@pytest.mark.parametrize("delay", [0.05, 0.3])
def test_a_database_killed_in_between(stack: RunningStack, token: str, delay: float) -> None:
    slugs = [f"d{int(delay * 100)}-{name}" for name in ("amsel", "buche", "clivie")]
    paths = [order(stack, token, slug) for slug in slugs]
    time.sleep(delay)
    stack.child("bin/postgres").kill()
    finish(stack, paths)
    eventually(stack.healthy, 60)
    whole(stack, slugs)


def test_a_mail_server_that_is_away_holds_up_no_district(
    stack: RunningStack, token: str, mail_server: MailServer
) -> None:
    mail_server.stop()
    path = order(stack, token, "ohne-post")
    finish(stack, [path])
    whole(stack, ["ohne-post"])
    assert not mail_server.accepted["k@ohne-post.example"]
    mail_server.start()
    eventually(lambda: mail_server.accepted["k@ohne-post.example"] == 1, 120)
