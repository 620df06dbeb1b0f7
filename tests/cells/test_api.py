"""What one installation tells another by the API: of all districts, to the project team alone."""

from typing import Any

import pytest

from tenants.districts.models import District as Row
from tenants.districts.models import State
from tests.api.asking import Api
from tests.api.test_platform import WISH
from tests.cast import District, project_team
from wiq.accounts import services as accounts
from wiq.accounts.models import Scope
from wiq.version import VERSION


@pytest.fixture
def team(nord: District) -> Api:
    return Api(accounts.create_token(project_team(), scopes=[Scope.READ]))


def test_it_tells_what_it_is_and_how_many_districts_it_has_and_holds(
    team: Api, sued: District, settings: Any
) -> None:
    settings.WIQ_MAX_DISTRICTS = 40
    Row.objects.filter(slug="sued").update(state=State.SUSPENDED)
    told = team("get", "installation/").json()
    assert told["name"] == "localhost"
    assert told["url"] == "http://localhost:8000/"
    assert told["console_url"] == "http://localhost:8000/plattform/"
    assert (told["version"], told["districts"], told["max_districts"]) == (VERSION, 2, 40)
    assert told["states"] == {"published": 1, "suspended": 1}
    # No worker runs beside this test.
    assert "worker" in told["failing"]
    assert "database" not in told["failing"]


def test_what_is_ordered_takes_room_and_what_is_deleted_takes_none(nord: District) -> None:
    team = Api(accounts.create_token(project_team()))
    assert team("get", "installation/").json()["max_districts"] is None
    assert team("post", "districts/", WISH).status_code == 202
    assert team("get", "installation/").json()["districts"] == 3
    Row.objects.filter(slug="sued").update(state=State.DELETED)
    assert team("get", "installation/").json()["districts"] == 2
    listed = team("get", "installation/districts/").json()["results"]
    assert [row["slug"] for row in listed] == ["nord"]


def test_it_lists_districts_that_are_not_public_with_the_way_to_the_console(
    team: Api, sued: District
) -> None:
    Row.objects.filter(slug="sued").update(state=State.HIDDEN)
    rows = {row["slug"]: row for row in team("get", "installation/districts/").json()["results"]}
    assert set(rows) == {"nord", "sued"}
    assert (rows["sued"]["state"], rows["sued"]["host"]) == ("hidden", "sued.localhost")
    page = f"http://localhost:8000/plattform/districts/district/{sued.row.pk}/change/"
    assert rows["sued"]["console_url"] == page
    assert [row["slug"] for row in Api()("get", "districts/").json()["results"]] == ["nord"]


@pytest.mark.parametrize(
    ("asked", "slugs"),
    [
        ("search=nordviertel", ["nord"]), ("search=sued.localhost", ["sued"]),
        ("search=nord+gibtesnicht", []), ("search=nord+leipzig", ["nord"]),
        ("state=hidden", ["sued"]), ("state=hidden&search=nord", []), ("page_size=1", ["nord"]),
    ],
)  # fmt: skip
def test_its_list_is_searched_and_narrowed(
    team: Api, sued: District, asked: str, slugs: list[str]
) -> None:
    Row.objects.filter(slug="sued").update(state=State.HIDDEN)
    answer = team("get", f"installation/districts/?{asked}").json()
    assert [row["slug"] for row in answer["results"]] == slugs


def test_a_state_that_there_is_not_is_refused_with_a_sentence(team: Api) -> None:
    answer = team("get", "installation/districts/?state=gibtesnicht")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["attr"] == "state"


@pytest.mark.parametrize("path", ["installation/", "installation/districts/"])
def test_nobody_but_the_project_team_is_told_anything(nord: District, path: str) -> None:
    for api in (Api(), Api(nord.token()), Api("x" * 64)):
        answer = api("get", path)
        assert answer.status_code == 401
        assert "Nordviertel" not in answer.content.decode()
    other_scope = Api(accounts.create_token(project_team(), scopes=[Scope.REQUESTS]))
    assert other_scope("get", path).status_code == 403
    known = Api(accounts.create_token(project_team()))("get", path)
    assert (known.status_code, known.headers["Cache-Control"]) == (200, "no-store")
