"""The project team's part of the API: kept by no cache, refused to others, recorded by name."""

import io
import zipfile

import pytest

from tenants.applications import services
from tenants.applications.models import Application, ApplicationState
from tenants.districts.models import District as Row
from tenants.districts.models import Domain
from tests.api.asking import Api, path_of
from tests.api.test_platform import APPLICATION, WISH
from tests.cast import District, form
from tests.catalogue.test_catalogue import share
from tests.lifecycle.test_what_visits_leave import entered
from wiq.audit.models import Entry

MEMBER = "team@plattform.example"


def exported(team: Api, query: str = "") -> zipfile.ZipFile:
    answer = team("get", f"districts/nord/export/{query}")
    which = "mit" if "true" in query else "ohne"
    assert f'-{which}-personendaten.zip"' in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))


def everything_in(packed: zipfile.ZipFile) -> str:
    return "".join(packed.read(name).decode(errors="replace") for name in packed.namelist())


@pytest.mark.parametrize(
    ("query", "has_people"),
    [
        ("", False), ("?personal_data=", False), ("?personal_data=0", False),
        ("?personal_data=false", False), ("?personal_data=true", True),
    ],
)  # fmt: skip
def test_a_file_holds_people_only_where_that_was_asked_for(
    team: Api, nord: District, query: str, has_people: bool
) -> None:
    nord.client().post("/kontakt/", form())
    entered(nord)
    text = everything_in(exported(team, query))
    assert "Grüne Bäume Nordviertel" in text
    for word in ("erika@beispiel.example", "Ada Nord", "coordinator@nord.example"):
        assert (word in text) is has_people, word


def test_both_logs_say_who_took_a_district_as_a_file(team: Api, nord: District) -> None:
    exported(team)
    entry = Entry.objects.get(action="district.exported")
    assert (entry.actor, entry.target_id) == (MEMBER, str(nord.row.pk))
    assert entry.details["personal_data"] is False
    with nord.inside():
        assert Entry.objects.get(action="district.exported").actor == MEMBER


READ = ("districts/nord/", "districts/nord/coordinators/", "districts/nord/domains/")


@pytest.mark.parametrize("path", [*READ, "applications/"])
def test_what_the_project_team_reads_is_kept_by_no_cache(
    team: Api, nord: District, path: str
) -> None:
    for api, status in ((team, 200), (Api(), 401)):
        answer = api("get", path)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (status, "no-store")


def test_the_way_of_an_order_and_an_application_are_kept_by_no_cache(team: Api) -> None:
    placed = team("post", "districts/", WISH)
    followed = Api()("get", path_of(placed.json()["status_url"]))
    applied = Api()("post", "applications/", APPLICATION | {"slug": "ostviertel"})
    assert (followed.status_code, applied.status_code) == (200, 201)
    for answer in (followed, applied):
        assert answer.headers["Cache-Control"] == "no-store"


DONE: dict[str, tuple[str, str, dict[str, str]]] = {
    "districts/nord/": ("patch", "district.state", {"state": "hidden", "reason": "Umbau"}),
    "districts/nord/coordinators/": ("post", "district.invited", {"email": "neu@nord.example"}),
    "districts/nord/domains/": ("post", "domain.claimed", {"domain": "nordviertel.example"}),
    "districts/nord/visits/": ("post", "support.opened", {"reason": "Hilfe"}),
    "districts/": ("post", "order.placed", WISH),
}


@pytest.mark.parametrize("path", DONE)
def test_what_the_project_team_does_by_token_is_recorded_by_name(
    team: Api, nord: District, path: str
) -> None:
    method, action, data = DONE[path]
    before = Entry.objects.latest("pk").pk
    assert team(method, path, data).status_code in (200, 201, 202)
    entries = Entry.objects.filter(pk__gt=before, action=action)
    assert [entry.actor for entry in entries] == [MEMBER]


@pytest.mark.parametrize("path", ["approve", "decline", "ask-back"])
def test_nobody_but_the_project_team_decides_about_an_application(
    team: Api, nord: District, path: str
) -> None:
    Api()("post", "applications/", APPLICATION)
    application = services.confirm(Application.objects.get())
    address = f"applications/{application.pk}/{path}/"
    for api in (Api(), Api(nord.token())):
        assert api("post", address, {"note": "Ein Grund."}).status_code == 401
        assert api("get", f"applications/{application.pk}/").status_code == 401
    application.refresh_from_db()
    assert application.state == ApplicationState.SUBMITTED
    assert team("post", address, {"note": "Ein Grund."}).status_code == 200
    entry = Entry.objects.filter(action="application.state").latest("pk")
    assert entry.actor == MEMBER


def test_the_eleventh_application_waits_and_a_decision_does_not(team: Api) -> None:
    for _number in range(10):
        assert Api()("post", "applications/", {}).status_code == 400
    late = Api()("post", "applications/", APPLICATION)
    assert late.status_code == 429
    assert int(late.headers["Retry-After"]) > 0
    assert not Application.objects.exists()
    assert team("post", "applications/1/decline/", {"note": "x"}).status_code == 404


@pytest.mark.parametrize("state", ["draft", "hidden", "suspended", "archived"])
def test_a_district_that_is_not_public_stands_in_no_list(nord: District, state: str) -> None:
    share(nord)
    assert [row["district"] for row in Api()("get", "catalogue/").json()] == ["nord"]
    Row.objects.filter(slug="nord").update(state=state)
    listed = Api()("get", "districts/").json()["results"]
    assert [row["slug"] for row in listed] == ["sued"]
    assert Api()("get", "catalogue/").json() == []


def test_the_list_of_districts_shows_the_project_team_no_more_than_anybody(
    team: Api, nord: District
) -> None:
    Row.objects.filter(slug="nord").update(state="hidden")
    assert team("get", "districts/").json() == Api()("get", "districts/").json()


@pytest.mark.parametrize("action", ["drop", "make_primary", "verify"])
def test_a_domain_is_found_under_its_own_district_alone(
    team: Api, nord: District, sued: District, action: str
) -> None:
    claimed = team("post", "districts/sued/domains/", {"domain": "suedviertel.example"})
    assert claimed.status_code == 201
    address = "districts/nord/domains/suedviertel.example/"
    assert team("post", address, {"action": action}).status_code == 404
    assert Domain.objects.get(domain="suedviertel.example").tenant_id == sued.row.pk
    hosts = [row["domain"] for row in team("get", "districts/nord/domains/").json()]
    assert hosts == ["nord.localhost"]
