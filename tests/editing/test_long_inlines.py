"""A team of many: its members come in pages, and each page can be saved."""

import pytest

from directory.people import services as people
from directory.people.models import Membership, Person
from tests.cast import ACTOR, District
from tests.editing.opened import opened

MANY = 45


@pytest.fixture
def url(nord: District) -> str:
    """The desk's page of a team with 45 more members than the cast gives it."""
    with nord.inside():
        made = [Person(slug=f"p{n}", name=f"Person {n:02}") for n in range(MANY)]
        team, everybody = nord.team(), Person.objects.bulk_create(made)
        Membership.objects.bulk_create(
            [Membership(team=team, person=p, position=n) for n, p in enumerate(everybody, 10)]
        )
    return f"/koordination/people/team/{team.pk}/change/"


def test_rows_come_in_pages(nord: District, url: str) -> None:
    client = nord.signed_in("coordinator")
    pages = [opened(client, f"{url}?memberships-page={number}") for number in (1, 2, 3)]
    assert [page["memberships-TOTAL_FORMS"] for page in pages] == ["20", "20", "8"]
    shown = {
        page[f"memberships-{row}-id"]
        for page in pages
        for row in range(int(page["memberships-TOTAL_FORMS"]))
    }
    assert len(shown) == MANY + 3


def test_a_page_is_saved_wherever_its_rows_stand_by_now(nord: District, url: str) -> None:
    client = nord.signed_in("coordinator")
    form = opened(client, f"{url}?memberships-page=2")
    row = form["memberships-19-id"]
    with nord.inside():
        # In front of all: the last row of the second page is the first of the third.
        people.add_member(actor=ACTOR, team=nord.team(), person=people.create_person(
            actor=ACTOR, slug="vorn", name="Vorn"), position=0)  # fmt: skip
    sent = form | {"memberships-19-role": "Kasse"}
    assert client.post(f"{url}?memberships-page=2", sent).status_code == 302
    with nord.inside():
        assert Membership.objects.get(pk=row).role == "Kasse"
        assert nord.team().memberships.count() == MANY + 4


def test_no_row_of_another_team_is_reached(nord: District, url: str) -> None:
    client = nord.signed_in("coordinator")
    with nord.inside():
        other = people.add_member(
            actor=ACTOR, team=nord.team("geheim"), person=nord.person("ada"), role="Bleibt"
        )
    form = opened(client, url) | {"memberships-0-id": str(other.pk), "memberships-0-role": "Fremd"}
    assert client.post(url, form).status_code in (200, 302)
    with nord.inside():
        assert Membership.objects.get(pk=other.pk).role == "Bleibt"
