"""The API of the platform's host: districts ordered and moved, applications sent and decided."""

import pytest

from directory.people.models import Team
from tenants.applications import services
from tenants.applications.models import Application
from tenants.districts.models import District as Row
from tenants.kit import services as kits
from tenants.kit.models import KitVersion
from tenants.provisioning import orders
from tests.api.asking import Api, path_of
from tests.cast import District

WISH = {"slug": "westviertel", "name": "Westviertel", "city": "Leipzig"}
APPLICATION = {
    "district_name": "Westviertel", "slug": "westviertel", "city": "Leipzig",
    "organisation": "Verein West", "contact_name": "Kim West", "email": "kim@west.example",
    "motivation": "Bei uns wollen viele etwas bewegen.", "privacy_acknowledged": True,
}  # fmt: skip


def test_a_district_is_ordered_and_its_making_can_be_followed(team: Api) -> None:
    answer = team("post", "districts/", WISH | {"coordinator": "kim@west.example"})
    assert answer.status_code == 202
    status = path_of(answer.json()["status_url"])
    assert Api()("get", status).json()["state"] == "queued"
    orders.run_waiting()
    done = Api()("get", status).json()
    assert (done["state"], done["url"]) == ("done", "http://westviertel.localhost:8000/")
    assert {step["state"] for step in done["steps"]} == {"done"}
    assert "kim@west.example" not in str(done)
    with District("westviertel").inside():
        assert Team.objects.count() == 2


@pytest.mark.parametrize("slug", ["nord", "no-rd", "xn--a", "www", "", "a b"])
def test_a_name_that_is_none_is_refused(team: Api, slug: str) -> None:
    answer = team("post", "districts/", WISH | {"slug": slug})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["attr"] == "slug"


def test_without_a_token_of_the_project_team_nothing_is_ordered_or_moved(nord: District) -> None:
    for api in (Api(), Api(nord.token())):
        assert api("post", "districts/", WISH).status_code == 401
        assert api("patch", "districts/nord/", {"state": "hidden"}).status_code == 401
        assert api("get", "applications/").status_code == 401
    assert nord.row.state == "published"
    assert Api()("get", "districts/").json()["count"] == 2


def test_a_district_is_hidden_suspended_archived_and_not_published_with_gaps(
    team: Api, nord: District
) -> None:
    for state in ("hidden", "suspended", "archived", "hidden"):
        answer = team("patch", "districts/nord/", {"state": state})
        assert (answer.status_code, answer.json()["state"]) == (200, state)
        assert nord.row.state == state
    # Public once, on the operator's word: no new checks. Never public: everything is checked.
    assert team("patch", "districts/nord/", {"state": "published"}).status_code == 200
    Row.objects.filter(slug="nord").update(state="hidden", passed_gate_at=None)
    refused = team("patch", "districts/nord/", {"state": "published"})
    assert refused.status_code == 400
    said = {error["detail"] for error in refused.json()["errors"]}
    assert "Träger des Quartiers" in said
    for state in ("deleted", "draft", "nothing"):
        assert team("patch", "districts/nord/", {"state": state}).status_code == 400
    assert team("patch", "districts/nirgends/", {"state": "hidden"}).status_code == 404


def test_an_application_comes_in_and_is_decided(team: Api) -> None:
    answer = Api()("post", "applications/", APPLICATION)
    assert (answer.status_code, answer.json()["state"]) == (201, "unconfirmed")
    application = Application.objects.get()
    assert application.token not in str(answer.json())
    number = application.pk
    early = team("post", f"applications/{number}/approve/")
    assert early.status_code == 400
    services.confirm(application)
    asked = team("post", f"applications/{number}/ask-back/", {"note": "Wer ist der Träger?"})
    assert asked.json()["state"] == "asked_back"
    listed = team("get", "applications/").json()["results"]
    assert [row["contact_name"] for row in listed] == ["Kim West"]
    approved = team("post", f"applications/{number}/approve/", {})
    assert approved.json()["state"] == "approved"
    orders.run_waiting()
    assert Api()("get", path_of(approved.json()["status_url"])).json()["state"] == "done"
    assert Row.objects.get(slug="westviertel").state == "draft"


def test_declining_needs_a_reason(team: Api) -> None:
    Api()("post", "applications/", APPLICATION)
    application = services.confirm(Application.objects.get())
    path = f"applications/{application.pk}/decline/"
    assert team("post", path, {}).status_code == 400
    assert team("post", path, {"reason": "Noch zu früh."}).json()["state"] == "declined"
    assert team("post", path, {"reason": "Noch einmal."}).status_code == 400


def test_a_bad_application_is_told_field_by_field(nord: District) -> None:
    answer = Api()("post", "applications/", APPLICATION | {"slug": "nord", "email": "kim"})
    assert answer.status_code == 400
    assert {error["attr"] for error in answer.json()["errors"]} == {"slug", "email"}
    assert not Application.objects.exists()


def test_everything_about_a_district_is_there_for_the_project_team_alone(
    team: Api, nord: District
) -> None:
    from tenants.console import services as console

    console.count(nord.row)
    detail = team("get", "districts/nord/").json()
    assert (detail["state"], detail["numbers"]["people"]) == ("published", 1)
    invited = team("post", "districts/nord/coordinators/", {"email": "neu@nord.example"})
    assert invited.status_code == 201
    assert {row["email"]: row["is_invited"] for row in invited.json()} == {
        "coordinator@nord.example": False, "neu@nord.example": True,
    }  # fmt: skip
    taken = team("post", "districts/nord/coordinators/", {"email": "editor@nord.example"})
    assert taken.json()["errors"][0]["attr"] == "email"
    claimed = team("post", "districts/nord/domains/", {"domain": "nordviertel.example"})
    assert claimed.json()[1]["record_name"] == "_wiq.nordviertel.example"
    own = "districts/nord/domains/nordviertel.example/"
    assert team("post", own, {"action": "make_primary"}).status_code == 400
    assert team("post", own, {"action": "drop"}).status_code == 200
    visit = team("post", "districts/nord/visits/", {"reason": "Hilfe"})
    assert "/anmelden/uebergabe/" in visit.json()["url"]
    exported = team("get", "districts/nord/export/")
    assert b"".join(exported.streaming_content).startswith(b"PK")
    assert team("delete", "districts/nord/", {"confirm": "nord"}).status_code == 400
    leaving = team("delete", "districts/nord/", {"confirm": "nord.localhost"})
    assert (leaving.status_code, leaving.json()["state"]) == (202, "archived")
    assert team("post", "districts/nord/keep/").json()["delete_after"] is None
    paths = ("", "coordinators/", "domains/", "visits/", "export/", "keep/", "restore/")
    for path in paths:
        for api in (Api(), Api(nord.token())):
            for method in ("get", "post", "delete"):
                assert api(method, f"districts/nord/{path}").status_code in (401, 405), path
        assert team("get", f"districts/nirgends/{path}").status_code in (404, 405)


def test_catalogue_and_kit_are_for_everybody(nord: District) -> None:
    assert Api()("get", "catalogue/").json() == []
    kit = KitVersion.objects.current()
    assert kit is not None
    assert Api()("get", "kit/").json() == kits.as_data(kit)


def test_an_order_nobody_placed_is_not_there(nord: District) -> None:
    assert Api()("get", f"orders/{'x' * 32}/").status_code == 404
