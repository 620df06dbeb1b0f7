"""Agreement to be shown: from which day, for what, whom a withdrawal reaches, and what is kept."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from directory.people import services
from directory.people.consents import Consent
from directory.people.dates import today
from directory.people.models import Membership, Person, Seat
from directory.solutions.models import SolutionTeamMember
from tenants.districts import services as districts
from tenants.districts.models import State
from tests.cast import ACTOR, District, put
from tests.days import at
from tests.locks import row_locks
from tests.people.test_pages import picture
from wiq.audit.models import Entry

DAY = date(2026, 7, 1)
A_DAY = timedelta(days=1)


def given(district: District, slug: str, scope: str = "profile", **fields: Any) -> Consent:
    agreed: dict[str, Any] = {"given_on": date(2024, 1, 1), "given_how": "written"}
    return services.record_consent(
        person=district.person(slug), scope=scope, actor=ACTOR, **(agreed | fields)
    )


def shown(district: District) -> str:
    """Return the page with everybody on it."""
    return str(district.client().get("/menschen/").content.decode())


def portrayed(district: District, slug: str = "ada") -> Person:
    """Give somebody a picture, which nobody may see yet."""
    person = district.person(slug)
    person.portrait, person.portrait_alt = picture(), f"{person.name} lacht"
    services.save(person, actor=ACTOR)
    district.draw()
    return person


def test_today_is_the_day_in_the_district() -> None:
    with at(DAY, 0, 30):
        assert today() == DAY
    with at(DAY, 23, 30):
        assert today() == DAY


@pytest.mark.parametrize("path", ["/menschen/unterstuetzungsteam/", "/loesungsteams/baeume/"])
@pytest.mark.parametrize(
    ("since", "until", "is_shown"),
    [
        (None, DAY, True),
        (None, DAY - A_DAY, False),
        (DAY, None, True),
        (DAY + A_DAY, None, False),
    ],
)
def test_the_first_and_the_last_day_of_a_membership_count(
    nord: District, path: str, since: date | None, until: date | None, is_shown: bool
) -> None:
    with nord.inside():
        for model in (Membership, SolutionTeamMember):
            model.objects.filter(person__slug="ada").update(since=since, until=until)
    with at(DAY, 0, 30):
        assert ("Ada Nord" in nord.client().get(path).content.decode()) is is_shown


def test_who_left_is_not_counted_among_the_unnamed(nord: District) -> None:
    def unnamed() -> str:
        page = nord.client().get("/menschen/unterstuetzungsteam/").content.decode()
        return page.partition("Dazu komm")[2][:20]

    assert unnamed().startswith("en 2 Menschen")
    with nord.inside():
        Membership.objects.filter(person__slug="cem").update(until=today() - 2 * A_DAY)
    assert unnamed().startswith("t 1 Mensch,")


@pytest.mark.parametrize("is_demo", [False, True])
def test_a_consent_counts_from_its_day_on_in_a_demo_too(nord: District, is_demo: bool) -> None:
    districts.update(nord.row, actor=ACTOR, is_demo=is_demo)
    districts.lookup.forget_all()
    with nord.inside():
        Consent.objects.filter(person__slug="cem").delete()
        given(nord, "cem", given_on=DAY)
    with at(DAY - A_DAY, 23, 30):
        assert "Cem" not in shown(nord)
    with at(DAY, 0, 30):
        assert "Cem" in shown(nord)


def test_a_withdrawal_reaches_nobody_else_and_nothing_else(nord: District) -> None:
    with nord.inside():
        portrayed(nord)
        consent = given(nord, "ada", "portrait")
        given(nord, "ben")
        services.withdraw_consent(consent, actor=ACTOR)
    assert nord.client().get("/medien/bild/ada/").status_code == 404
    assert "Ada Nord" in shown(nord)
    with nord.inside():
        services.withdraw_consent(nord.person("ada").consents.get(scope="profile"), actor=ACTOR)
    assert "Ada Nord" not in shown(nord)
    assert "Ben Nord" in shown(nord)


def test_a_withdrawal_is_written_down_once_with_its_day_and_who_noted_it(nord: District) -> None:
    with at(DAY, 0, 30), nord.inside():
        consent = nord.person("ada").consents.get()
        services.withdraw_consent(consent, actor="kim")
    with at(DAY + A_DAY), nord.inside():
        assert services.withdraw_consent(consent, actor="kim").withdrawn_on == DAY
        given(nord, "ada")
        services.withdraw_consent(nord.person("ada").consents.get(withdrawn_on=None), actor="kim")
        consent.refresh_from_db()
        assert consent.withdrawn_on == DAY
        assert Entry.objects.filter(action="consent.withdrawn", actor="kim").count() == 2


def test_two_who_note_a_withdrawal_at_once_wait_for_each_other(nord: District) -> None:
    with nord.inside():
        consent = nord.person("ada").consents.get()
        with row_locks() as locked:
            services.withdraw_consent(consent, actor=ACTOR)
    assert "people_consent" in locked


def test_who_said_no_is_not_to_be_asked_again(nord: District) -> None:
    with nord.inside():
        asked = Consent.objects.to_be_asked_for()
        assert [consent.person.slug for consent in asked] == ["cem"]
        services.withdraw_consent(asked.get(), actor=ACTOR)
        assert not asked.all().exists()


def person_data(district: District, **changes: str) -> dict[str, str]:
    """Return what the desk's page of Ada sends: her consent and no membership."""
    ada, consent = district.person("ada"), Consent.objects.get(person__slug="ada")
    data = {"name": ada.name, "slug": "ada", "about": ada.about}
    data |= {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}
    data |= {"consents-TOTAL_FORMS": "1", "consents-INITIAL_FORMS": "1"}
    data |= {"consents-0-id": str(consent.pk), "consents-0-person": str(ada.pk)}
    data |= {"consents-0-scope": "profile", "consents-0-basis": "declaration"}
    data |= {"consents-0-given_on": "01.01.2024", "consents-0-given_how": "written"}
    return data | changes


def test_nobody_deletes_a_consent_at_the_desk(nord: District) -> None:
    coordinator = nord.signed_in("coordinator")
    with nord.inside():
        ada = nord.person("ada")
        consent = ada.consents.get()
        data = person_data(nord, about="Macht viel.", **{"consents-0-DELETE": "on"})
    url = f"/koordination/people/person/{ada.pk}/change/"
    assert "consents-0-DELETE" not in coordinator.get(url).content.decode()
    assert coordinator.post(url, data).status_code == 302
    own = f"/koordination/people/consent/{consent.pk}/delete/"
    assert coordinator.post(own, {"post": "yes"}).status_code == 403
    with nord.inside():
        assert nord.person("ada").about == "Macht viel."
        assert ada.consents.get() == consent


def test_a_withdrawal_at_the_desk_is_of_today_and_names_who_noted_it(nord: District) -> None:
    with nord.inside():
        consent = nord.person("ada").consents.get()
    chosen = {"action": "withdraw", "_selected_action": [consent.pk]}
    with at(DAY, 0, 30):
        nord.signed_in("coordinator").post("/koordination/people/consent/", chosen)
    with nord.inside():
        consent.refresh_from_db()
        assert consent.withdrawn_on == DAY
        entry = Entry.objects.get(action="consent.withdrawn", actor="coordinator@nord.example")
        assert entry.target_id == str(consent.pk)


def erase(client: Client, person: Person) -> int:
    url = f"/koordination/people/person/{person.pk}/delete/"
    return client.post(url, {"post": "yes"}).status_code


def test_the_coordination_alone_erases_a_person_with_consents_and_picture(
    nord: District, django_capture_on_commit_callbacks: Any
) -> None:
    with nord.inside():
        cem = portrayed(nord, "cem")
        file = Path(cem.portrait.path)
    erase(nord.signed_in("editor"), cem)
    with nord.inside():
        assert Person.objects.filter(slug="cem").exists()
    with django_capture_on_commit_callbacks(execute=True):
        assert erase(nord.signed_in("coordinator"), cem) == 302
    with nord.inside():
        assert not Person.objects.filter(slug="cem").exists()
        assert not Consent.objects.filter(person_id=cem.pk).exists()
        assert Entry.objects.get(action="person.deleted").actor == "coordinator@nord.example"
    assert not file.exists()


@pytest.mark.parametrize("path", ["/", "/einfach/", "/menschen/", "/loesungsteams/baeume/"])
def test_no_page_shows_a_picture_without_its_own_consent(nord: District, path: str) -> None:
    with nord.inside():
        portrayed(nord)
    assert "Ada" in nord.client().get(path).content.decode()
    assert "/medien/bild/ada/" not in nord.client().get(path).content.decode()
    with nord.inside():
        given(nord, "ada", "portrait")
    assert "/medien/bild/ada/" in nord.client().get(path).content.decode()


@pytest.mark.parametrize("state", ["draft", "hidden", "suspended", "archived"])
def test_a_district_that_is_not_public_gives_no_visitor_its_pictures(
    nord: District, state: str
) -> None:
    with nord.inside():
        portrayed(nord)
        given(nord, "ada", "portrait")
    assert nord.client().get("/medien/bild/ada/").status_code == 200
    put(nord.row, State(state))
    districts.lookup.forget_all()
    assert nord.client().get("/medien/bild/ada/").status_code in (404, 410, 503)


def test_a_person_is_named_with_the_published_teams_of_today_alone(nord: District) -> None:
    with nord.inside():
        ada = nord.person("ada")
        services.add_member(actor=ACTOR, team=nord.team("geheim"), person=ada)
        services.add_member(actor=ACTOR, team=nord.team("steuerungsteam"), person=ada,
                            until=today() - 2 * A_DAY)  # fmt: skip
    person = nord.client().get("/api/v1/people/ada/").json()
    assert [team["slug"] for team in person["teams"]] == ["unterstuetzungsteam"]


@pytest.mark.parametrize("path", ["/", "/einfach/", "/menschen/"])
def test_a_first_contact_that_is_not_published_is_shown_to_nobody(
    nord: District, path: str
) -> None:
    with nord.inside():
        team = nord.team()
        team.is_published = False
        services.save(team, actor=ACTOR)
    page = nord.client().get(path).content.decode()
    assert "Unterstützungsteam Nordviertel" not in page
    faces = page.partition('class="faces"')[2].partition("</ul>")[0]
    assert "Ada Nord" not in faces


def test_a_seat_names_whoever_agreed_and_counts_whoever_took_it_back(nord: District) -> None:
    def seats() -> str:
        page = nord.client().get("/menschen/steuerungsteam/").content.decode()
        return page.partition('class="seats"')[2].partition("</figure>")[0]

    assert "hier sitzt: Ada Nord" in seats()
    assert "1 davon besetzt, ohne Namen hier" in seats()
    assert "Ben Nord" not in seats()
    with nord.inside():
        services.withdraw_consent(nord.person("ada").consents.get(), actor=ACTOR)
        assert Seat.objects.filter(state="named").count() == 2
    assert "hier sitzt" not in seats()
    assert "besetzt, ohne Namen hier" in seats()
