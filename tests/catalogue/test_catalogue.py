"""The catalogue: what a district shares stands there, and another one copies it as a draft."""

import re
from typing import Any

import pytest
from django.test import Client

from directory.solutions import services as solutions
from directory.solutions.models import SolutionTeam, Topic
from tenants.catalogue import services
from tenants.catalogue.models import SharedSolution
from tenants.districts.models import District as Row
from tenants.districts.models import State
from tests.cast import ACTOR, District, put
from wiq.audit.models import Entry

DESK = "/koordination/nachmachen/"


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


@pytest.mark.parametrize("number", ["0", "x", "999999", "", "²", "-1", "9" * 19, "9" * 30])
def test_what_is_not_shared_is_not_copied(nord: District, sued: District, number: str) -> None:
    answer = sued.signed_in("editor").post("/koordination/nachmachen/", {"nummer": number})
    assert answer["Location"] == "/koordination/nachmachen/"
    with sued.inside():
        assert SolutionTeam.objects.count() == 3


def test_ones_own_is_not_on_offer(nord: District) -> None:
    share(nord)
    page = nord.signed_in("editor").get("/koordination/nachmachen/").content.decode()
    assert "Als Entwurf übernehmen" not in page


def test_what_a_hidden_district_shares_is_neither_offered_nor_copied(
    nord: District, sued: District
) -> None:
    share(nord)
    number = SharedSolution.objects.get().pk
    desk = sued.signed_in("editor")
    assert "Grüne Bäume Nordviertel" in desk.get(DESK).content.decode()
    for state in ("draft", "hidden", "suspended", "archived"):
        Row.objects.filter(slug="nord").update(state=state)
        assert "Grüne Bäume Nordviertel" not in desk.get(DESK).content.decode()
        assert desk.post(DESK, {"nummer": number})["Location"] == DESK
    with sued.inside():
        assert SolutionTeam.objects.count() == 3


def test_a_copy_brings_words_and_topics_and_nothing_of_people_or_the_time_there(
    nord: District, sued: District
) -> None:
    with sued.inside():
        # A topic that Süd does not have is not made for it.
        solutions.remove(Topic.objects.get(slug="umwelt"), actor=ACTOR)
    share(nord, challenge_en="Thirsty.", place="Am Kanal")
    number, origin = SharedSolution.objects.get().pk, nord.row.pk
    with sued.inside():
        copy = services.copy(number, actor="kim")
        copy.refresh_from_db()
        assert (copy.challenge, copy.approach) == (
            "Die Straßenbäume im Nordviertel sind durstig.", "Wir gießen sie.",
        )  # fmt: skip
        assert not copy.topics.exists()
        assert (copy.contact_email, copy.source_note, copy.place) == ("", "", "")
        assert (copy.confirmed_at, copy.asked_at, copy.last_news_on) == (None, None, None)
        for rows in (copy.members, copy.updates, copy.pictures, copy.state_changes):
            assert not rows.exists()
        entry = Entry.objects.get(action="solutionteam.copied")
        assert (entry.actor, entry.target_id) == ("kim", str(copy.pk))
        assert entry.details == {"from": origin}
        # A draft: nobody but the desk sees it, and the platform counts no more than before.
        assert SolutionTeam.objects.published().count() == 2
    assert sued.client().get(f"/loesungsteams/{copy.slug}/").status_code == 404
    assert sued.row.solution_teams == 2
    assert SharedSolution.objects.count() == 1


def test_a_second_copy_stands_beside_the_first(nord: District, sued: District) -> None:
    share(nord)
    number = SharedSolution.objects.get().pk
    with sued.inside():
        slugs = {services.copy(number, actor=ACTOR).slug for _time in range(2)}
        assert len(slugs) == 2


def test_shared_and_not_public_is_not_in_the_catalogue(nord: District) -> None:
    with nord.inside():
        draft = nord.solution_team("entwurf")
        draft.is_shared = True
        solutions.save(draft, actor=ACTOR)
    assert not SharedSolution.objects.exists()
    with nord.inside():
        solutions.set_state(nord.solution_team("entwurf"), "running", actor=ACTOR)
    assert SharedSolution.objects.get().slug == "entwurf"


def test_a_text_saved_from_an_old_tab_brings_no_draft_back_into_the_catalogue(
    nord: District,
) -> None:
    share(nord)
    with nord.inside():
        old = nord.solution_team()
        solutions.set_state(nord.solution_team(), "draft", actor=ACTOR)
        old.place = "Kanal"
        solutions.save(old, actor=ACTOR)
    assert not SharedSolution.objects.exists()


def test_districts_with_the_same_names_keep_their_own_entries(
    nord: District, sued: District
) -> None:
    share(nord)
    share(sued)
    share(nord, is_shared=False)
    assert [row.name for row in SharedSolution.objects.all()] == ["Grüne Bäume Südviertel"]


@pytest.mark.parametrize("state", [state for state in State if state != State.PUBLISHED])
def test_what_a_district_shares_is_seen_while_it_is_public(
    nord: District, sued: District, platform: Client, state: State
) -> None:
    for district in (nord, sued):
        services.share(district.row.pk, "baeume", name=f"Bäume {district.slug}")
    put(nord.row, state)
    assert [shared.name for shared in SharedSolution.objects.shown()] == ["Bäume sued"]


def test_taking_something_out_of_the_catalogue_leaves_what_others_share(
    nord: District, sued: District
) -> None:
    for district, slug in ((nord, "baeume"), (nord, "fest"), (sued, "baeume")):
        services.share(district.row.pk, slug, name=slug)
    services.unshare(nord.row.pk, "baeume")
    left = SharedSolution.objects.values_list("district__slug", "slug")
    assert set(left) == {("nord", "fest"), ("sued", "baeume")}
