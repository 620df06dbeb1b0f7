"""What was renamed is found by its old name for good: posters, embeds, feeds, links to forms."""

import re
from pathlib import Path
from typing import Any
from uuid import UUID
from xml.etree import ElementTree

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.validators import slug_re
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver

from directory.contact.models import ContactRequest
from directory.ideas.services import free_slug
from directory.people import services as people
from directory.people.models import FormerName, Person, Team
from directory.people.short_names import PATTERN
from directory.solutions import services as solutions
from directory.solutions import writing_many
from directory.solutions.models import SolutionTeam, Topic
from tests.cast import ACTOR, District, body, form
from tests.editing.opened import opened

ATOM = "{http://www.w3.org/2005/Atom}"


def rename(district: District, model: Any, old: str, new: str) -> None:
    with district.inside():
        row = model.objects.get(slug=old)
        row.slug = new
        (people if model is Team else solutions).save(row, actor=ACTOR)


@pytest.fixture
def renamed(nord: District) -> District:
    rename(nord, SolutionTeam, "baeume", "strassenbaeume")
    rename(nord, SolutionTeam, "strassenbaeume", "leipzig-giesst")
    rename(nord, Team, "unterstuetzungsteam", "hilfe")
    rename(nord, Topic, "umwelt", "natur")
    return nord


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/loesungsteams/baeume/", "/loesungsteams/leipzig-giesst/"),
        ("/loesungsteams/strassenbaeume/", "/loesungsteams/leipzig-giesst/"),
        ("/en/loesungsteams/baeume/", "/en/loesungsteams/leipzig-giesst/"),
        ("/loesungsteams/baeume/?von=aushang", "/loesungsteams/leipzig-giesst/?von=aushang"),
        ("/loesungsteams/baeume/aushang/", "/loesungsteams/leipzig-giesst/aushang/"),
        ("/menschen/unterstuetzungsteam/", "/menschen/hilfe/"),
        ("/en/menschen/unterstuetzungsteam/", "/en/menschen/hilfe/"),
        ("/kontakt/?loesungsteam=baeume", "/kontakt/?loesungsteam=leipzig-giesst"),
        ("/en/kontakt/?loesungsteam=baeume&anliegen=mitmachen",
         "/en/kontakt/?loesungsteam=leipzig-giesst&anliegen=mitmachen"),
        ("/kontakt/einfach/?loesungsteam=baeume", "/kontakt/einfach/?loesungsteam=leipzig-giesst"),
        ("/kontakt/?team=unterstuetzungsteam", "/kontakt/?team=hilfe"),
        ("/abonnieren/?loesungsteam=baeume", "/abonnieren/?loesungsteam=leipzig-giesst"),
        ("/loesungsteams/?fokus=umwelt&q=b%C3%A4ume", "/loesungsteams/?fokus=natur&q=b%C3%A4ume"),
        ("/loesungsteams/?fokus=begegnung&fokus=umwelt",
         "/loesungsteams/?fokus=begegnung&fokus=natur"),
        ("/einbetten/?fokus=umwelt", "/einbetten/?fokus=natur"),
        ("/api/v1/solution-teams/baeume/", "/api/v1/solution-teams/leipzig-giesst/"),
        ("/api/v1/solution-teams/baeume/updates/", "/api/v1/solution-teams/leipzig-giesst/updates/"),
        ("/api/v1/teams/unterstuetzungsteam/", "/api/v1/teams/hilfe/"),
    ],
)  # fmt: skip
def test_the_old_name_leads_to_the_new_one_for_good(renamed: District, old: str, new: str) -> None:
    answer = renamed.client().get(old)
    assert (answer.status_code, answer["Location"]) == (301, new)
    assert renamed.client().get(new).status_code == 200


def test_a_picture_and_a_draft_follow_the_same_rule(renamed: District) -> None:
    rename(renamed, SolutionTeam, "entwurf", "entwurf-zwei")
    assert renamed.client().get("/loesungsteams/entwurf/").status_code == 404
    assert renamed.client().get("/api/v1/solution-teams/entwurf/").status_code == 404
    assert renamed.client().get("/medien/loesungsteams/baeume/1/").status_code in (301, 404)


def test_the_neighbour_keeps_its_names(renamed: District, sued: District) -> None:
    assert sued.client().get("/loesungsteams/baeume/").status_code == 200
    assert sued.client().get("/loesungsteams/leipzig-giesst/").status_code == 404


def test_what_was_opened_before_the_renaming_still_arrives(renamed: District) -> None:
    sent = form(team=None, solution_team="baeume", kind="message")
    assert renamed.client().post("/kontakt/", sent).status_code == 303
    by_team = form(team="unterstuetzungsteam", message="Noch eine Bank, bitte, am Kanal.")
    assert renamed.client().post("/kontakt/", by_team).status_code == 303
    given = body(solution_team="baeume", message="Und eine dritte Bank, bitte.")
    made = renamed.client().post("/api/v1/contact-requests/", given, "application/json")
    assert made.status_code == 201
    with renamed.inside():
        to = [(r.team and r.team.slug, r.solution_team and r.solution_team.slug)
              for r in ContactRequest.objects.order_by("pk")]  # fmt: skip
        assert to == [(None, "leipzig-giesst"), ("hilfe", None), (None, "leipzig-giesst")]


def test_nothing_new_takes_an_old_name_away_at_desk_model_and_api(renamed: District) -> None:
    with renamed.inside():
        for model, slug in ((SolutionTeam, "baeume"), (Topic, "umwelt")):
            with pytest.raises(ValidationError) as refused:
                solutions.save(model(name="Neu", slug=slug), actor=ACTOR)
            assert "So hieß früher" in refused.value.message_dict["slug"][0]
        assert free_slug("Bäume") == "baeume-2"
    headers = {"Authorization": f"Bearer {renamed.token()}"}
    given = {"slug": "baeume", "name": "Andere Bäume"}
    made = renamed.client().post(
        "/api/v1/solution-teams/", given, "application/json", headers=headers
    )
    assert made.status_code == 400
    assert made.json()["errors"][0]["attr"] == "slug"
    desk = renamed.signed_in("coordinator")
    add = "/koordination/solutions/topic/add/"
    page = desk.post(add, opened(desk, add) | {"name": "Neu", "slug": "umwelt"})
    assert page.status_code == 200
    assert "So hieß früher: Umwelt" in page.content.decode()


def test_one_may_take_its_own_old_name_back_and_a_deleted_one_frees_its_names(
    renamed: District,
) -> None:
    rename(renamed, SolutionTeam, "leipzig-giesst", "baeume")
    client = renamed.client()
    assert client.get("/loesungsteams/baeume/").status_code == 200
    assert client.get("/loesungsteams/leipzig-giesst/")["Location"] == "/loesungsteams/baeume/"
    with renamed.inside():
        solutions.remove(SolutionTeam.objects.get(slug="baeume"), actor=ACTOR)
        assert not FormerName.objects.filter(kind="solutions.solutionteam").exists()
        solutions.save(SolutionTeam(name="Neu", slug="strassenbaeume"), actor=ACTOR)
    assert client.get("/loesungsteams/leipzig-giesst/").status_code == 404


def test_a_name_is_kept_once_whoever_writes_it(renamed: District) -> None:
    with renamed.inside(), pytest.raises(IntegrityError), transaction.atomic():
        FormerName.objects.create(kind="solutions.solutionteam", slug="baeume", row=7)


@pytest.mark.thorough
def test_old_names_travel_with_the_district(renamed: District, tmp_path: Path) -> None:
    target = tmp_path / "nord.zip"
    call_command("export_district", "nord", str(target))
    call_command("import_district", str(target), slug="nord-zwei", publish=True)
    answer = District("nord-zwei").client().get("/loesungsteams/baeume/")
    assert answer["Location"] == "/loesungsteams/leipzig-giesst/"


def feed_of(district: District, path: str = "/neuigkeiten/feed/") -> tuple[str, list[str]]:
    tree = ElementTree.fromstring(district.client().get(path).content)
    return str(tree.findtext(f"{ATOM}id")), [e.text or "" for e in tree.iter(f"{ATOM}id")][1:]


def test_a_feeds_ids_are_of_its_rows_and_not_of_name_host_or_language(
    nord: District, sued: District, tmp_path: Path
) -> None:
    before = feed_of(nord)
    assert before[1] and UUID(before[1][0].removeprefix("urn:uuid:"))
    rename(nord, SolutionTeam, "baeume", "strassenbaeume")
    assert feed_of(nord) == before
    assert feed_of(nord, "/en/neuigkeiten/feed/") == before
    assert not {before[0], *before[1]} & {feed_of(sued)[0], *feed_of(sued)[1]}
    target = tmp_path / "nord.zip"
    call_command("export_district", "nord", str(target))
    call_command("import_district", str(target), slug="nord-zwei", publish=True)
    assert feed_of(District("nord-zwei"))[1] == before[1]


def routes(patterns: list[URLPattern | URLResolver]) -> list[str]:
    found: list[str] = []
    for one in patterns:
        found += routes(one.url_patterns) if isinstance(one, URLResolver) else [str(one.pattern)]
    return found


def test_one_rule_for_short_names_at_desk_model_and_api(nord: District) -> None:
    assert re.fullmatch(slug_re.pattern.replace("\\Z", "$"), "Garten_Eins")
    named = [r for r in routes(get_resolver("wiq.urls.district").url_patterns) if "?P<slug>" in r]
    assert len(named) >= 4
    assert all(f"?P<slug>{PATTERN})" in route for route in named)
    with nord.inside():
        solutions.create_team(actor=ACTOR, slug="Garten_Eins", name="Garten Eins", state="running")
        people.create_team(actor=ACTOR, slug="Team_Eins", kind="core", abbreviation="TE", name="T")
        with pytest.raises(ValidationError):
            solutions.create_topic(actor=ACTOR, slug="Gärten", name="Gärten")
    for path in ("/loesungsteams/Garten_Eins/", "/api/v1/solution-teams/Garten_Eins/",
                 "/menschen/Team_Eins/", "/api/v1/teams/Team_Eins/"):  # fmt: skip
        assert nord.client().get(path).status_code == 200, path
    headers = {"Authorization": f"Bearer {nord.token()}"}
    for path, name in (("people", "Ada_Zwei"), ("teams", "Team_Zwei"), ("solution-teams", "G_2")):
        given = {"slug": name, "name": name, "kind": "core", "abbreviation": name[:8]}
        url = f"/api/v1/{path}/"
        made = nord.client().post(url, given, "application/json", headers=headers)
        assert made.status_code == 201, (path, made.content)
        assert nord.client().get(f"{url}{name}/", headers=headers).status_code == 200
        refused = given | {"slug": "mit Leerzeichen"}
        again = nord.client().post(url, refused, "application/json", headers=headers)
        assert again.status_code == 400
    with nord.inside():
        assert Person.objects.filter(slug="Ada_Zwei").exists()


@pytest.mark.parametrize(
    "path",
    ["/kontakt", "/en/kontakt", "/kontakt/einfach", "/idee", "/abonnieren", "/anmelden",
     "/koordination/people/person/add", "/api/v1/contact-requests", "/en/idee"],
)  # fmt: skip
def test_a_post_without_the_last_slash_keeps_its_method(nord: District, path: str) -> None:
    answer = nord.client().post(path, form())
    assert answer.status_code == 308
    assert answer["Location"] == f"{path}/"
    assert nord.client().get(path).status_code in (301, 302)


@pytest.mark.parametrize("method", ["put", "patch", "delete", "post", "options"])
def test_every_write_of_the_api_without_the_last_slash_keeps_its_method(
    nord: District, method: str
) -> None:
    for path in ("/api/v1/teams/unterstuetzungsteam", "/api/v1/solution-teams/baeume/updates"):
        assert getattr(nord.client(), method)(path).status_code == 308, path


def test_a_write_to_an_old_name_keeps_its_method_too(renamed: District) -> None:
    client = renamed.client(authorization=f"Bearer {renamed.token()}")
    answer = client.patch("/api/v1/solution-teams/baeume/", {"place": "Weg 1"}, "application/json")
    assert answer.status_code == 308
    assert answer["Location"] == "/api/v1/solution-teams/leipzig-giesst/"


def test_many_new_ones_take_no_old_name_and_are_written_in_few_statements(nord: District) -> None:
    with nord.inside():
        old = solutions.create_topic(actor=ACTOR, slug="gruen", name="Grün")
        old.slug = "stadtgruen"
        solutions.save(old, actor=ACTOR)
        taken = [Topic(slug="wasser", name="Wasser"), Topic(slug="gruen", name="Grünes")]
        with pytest.raises(ValidationError, match="Grün"):
            writing_many.create_topics(taken, actor=ACTOR)
        assert not Topic.objects.filter(slug="wasser").exists()
        counts = []
        for many in (2, 7):
            rows = [Topic(slug=f"t-{many}-{n}", name=f"Name {many} {n}") for n in range(many)]
            with CaptureQueriesContext(connection) as asked:
                writing_many.create_topics(rows, actor=ACTOR)
            counts.append(len(asked))
        assert counts[0] == counts[1]
        assert Topic.objects.get(slug="t-7-6").sort_key == "name 7 6"
