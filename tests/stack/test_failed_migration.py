"""run.py starts although one district can't be migrated; it is mended while all others go on."""

from collections.abc import Iterator

import psycopg
import pytest
from django.db.migrations import CreateModel

from tests.faults.test_faults import database
from tests.newest import newest
from tests.stack.prepared import prepared
from tests.stack.running import RunningStack, eventually, lives, open_folder
from tests.stack.test_run import run

pytestmark = [pytest.mark.thorough]
WEST, OSTEN = "leipziger-westen.localhost", "leipziger-osten.localhost"
# Already there, so that adding it once more fails.
APP, NAME = newest("people", making=CreateModel)


@pytest.fixture
def own() -> Iterator[RunningStack]:
    with open_folder("wiq-behind-") as folder:
        running = RunningStack(prepared(folder / "state")).start()
        yield running
        running.stop()


def schema_of(connection: "psycopg.Connection[tuple[str]]", slug: str) -> str:
    asked = "SELECT schema_name FROM districts_district WHERE slug = %s"
    return str((connection.execute(asked, [slug]).fetchone() or ("",))[0])


def test_one_district_holds_up_no_start_and_is_mended_alone(own: RunningStack) -> None:
    with database(own) as connection:
        schema = schema_of(connection, "leipziger-westen")
        connection.execute(
            f'DELETE FROM "{schema}".django_migrations WHERE app = %s AND name = %s', [APP, NAME]
        )
    before = own.processes()
    assert own.stop() == 0
    eventually(lambda: not any(map(lives, before)), 20, "PostgreSQL gone on a slow disk")
    (own.state / "prepared").unlink()
    own.start()
    assert "Update of districts   failed: leipziger-westen" in own.output
    assert "leipziger-westen: failed" in own.state.joinpath("log", "preparation.log").read_text()
    assert own.get("/", OSTEN).status == 200
    for path in ("/", "/anmelden/", "/api/v1/teams/"):
        answer = own.get(path, WEST)
        assert (answer.status, answer.headers["Retry-After"]) == (503, "120")
    health = own.get("/health/ready")
    assert (health.status, health.json()["districts"]) == (200, "failed: leipziger-westen")
    state = {"WIQ_STATE": str(own.state)}
    again = run("manage", "migrate_districts", **state)
    assert (again.returncode, "leipziger-westen: failed" in again.stderr) == (0, True)
    assert "Traceback" not in again.stderr
    assert run("manage", "migrate_districts", "--strict", **state).returncode == 1
    with database(own) as connection:
        connection.execute(
            f'INSERT INTO "{schema}".django_migrations (app, name, applied) VALUES (%s, %s, now())',
            [APP, NAME],
        )
    alone = run("manage", "migrate_districts", "--district", "leipziger-westen", **state)
    assert (alone.returncode, alone.stdout) == (0, "leipziger-westen: 0 migrations\n")
    # At once, without a restart and without waiting for a cache.
    assert own.get("/", WEST).status == 200
    assert "districts" not in own.get("/health/ready").json()
    assert own.send_request("wieder@reise.example").status == 201
    eventually(lambda: own.get("/postfach/").text.count("wieder@reise.example") >= 1, 30)
