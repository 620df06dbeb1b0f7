"""The catalogue: what a district shares stands there, and another one copies it as a draft."""

import re
from typing import Any

import pytest
from django.test import Client

from directory.solutions import services as solutions
from directory.solutions.models import SolutionTeam
from tenants.districts.models import District as Row
from tenants.districts.models import SharedSolution
from tests.cast import ACTOR, District


def share(district: District, **changes: Any) -> SolutionTeam:
    with district.inside():
        team = SolutionTeam.objects.get(slug="baeume")
        team.is_shared = True
        for name, value in changes.items():
            setattr(team, name, value)
        return solutions.save(team, actor=ACTOR)


def catalogue() -> str:
    return Client(headers={"host": "localhost"}).get("/nachmachen/").content.decode()


def test_what_is_shared_stands_in_the_catalogue_with_its_contact(nord: District) -> None:
    assert "Grüne Bäume" not in catalogue()
    share(nord)
    page = catalogue()
    assert "Grüne Bäume Nordviertel" in page
    assert "http://nord.localhost:8000/loesungsteams/baeume/" in page
    assert "http://nord.localhost:8000/kontakt/?loesungsteam=baeume" in page
    assert "Umwelt" in page
    # Nobody's address.
    assert not re.search(r"\w@\w", page)


def test_the_catalogue_follows_every_change(nord: District) -> None:
    team = share(nord)
    share(nord, slug="stadtbaeume", name="Stadtbäume")
    assert [row.slug for row in SharedSolution.objects.all()] == ["stadtbaeume"]
    with nord.inside():
        solutions.set_state(team, "draft", actor=ACTOR)
    assert not SharedSolution.objects.exists()
    with nord.inside():
        solutions.set_state(team, "running", actor=ACTOR)
    assert SharedSolution.objects.get().name == "Stadtbäume"
    Row.objects.filter(slug="nord").update(state="hidden")
    assert "Stadtbäume" not in catalogue()
    with nord.inside():
        solutions.remove(SolutionTeam.objects.get(slug="stadtbaeume"), actor=ACTOR)
    assert not SharedSolution.objects.exists()


def test_unsharing_takes_it_out(nord: District) -> None:
    share(nord)
    share(nord, is_shared=False)
    assert not SharedSolution.objects.exists()


def test_another_district_copies_it_as_a_draft_with_its_origin(
    nord: District, sued: District
) -> None:
    share(nord)
    desk = sued.signed_in("editor")
    page = desk.get("/koordination/nachmachen/").content.decode()
    assert "Grüne Bäume Nordviertel" in page
    number = SharedSolution.objects.get().pk
    answer = desk.post("/koordination/nachmachen/", {"nummer": number})
    assert answer.status_code == 302
    with sued.inside():
        copy = SolutionTeam.objects.get(slug="gruene-baeume-nordviertel")
        assert copy.state == "draft"
        assert copy.origin_name == "Grüne Bäume Nordviertel (Nordviertel)"
        assert [topic.name for topic in copy.topics.all()] == ["Umwelt"]
        assert not copy.is_shared
        solutions.set_state(copy, "running", actor=ACTOR)
    profile = sued.client().get("/loesungsteams/gruene-baeume-nordviertel/").content.decode()
    assert 'href="http://nord.localhost:8000/loesungsteams/baeume/"' in profile


@pytest.mark.parametrize("number", ["0", "x", "999999", ""])
def test_what_is_not_shared_is_not_copied(nord: District, sued: District, number: str) -> None:
    answer = sued.signed_in("editor").post("/koordination/nachmachen/", {"nummer": number})
    assert answer["Location"] == "/koordination/nachmachen/"
    with sued.inside():
        assert SolutionTeam.objects.count() == 3


def test_ones_own_is_not_on_offer(nord: District) -> None:
    share(nord)
    page = nord.signed_in("editor").get("/koordination/nachmachen/").content.decode()
    assert "Als Entwurf übernehmen" not in page
