"""The log in words: who has done what, at the desk, at the console and at the thing itself."""

from typing import Any

import pytest
from django.test import Client

from directory.contact import services as contact
from directory.contact.models import ContactRequest
from directory.people import services as people
from directory.solutions import services as solutions
from tenants.districts import moves
from tenants.districts import services as districts
from tests.cast import ACTOR, District, form, project_team
from wiq.accounts import services as accounts
from wiq.accounts.models import User
from wiq.accounts.roles import Role
from wiq.audit import services as audit
from wiq.audit.models import Entry

LOG = "/koordination/audit/entry/"


@pytest.fixture
def sabine(nord: District) -> User:
    with nord.inside():
        return accounts.create_account(email="s@nord.example", role=Role.EDITOR, name="Sabine")


def log_of(client: Client, url: str = LOG) -> str:
    return client.get(url).content.decode()


def test_the_log_tells_who_has_done_what(nord: District, sabine: User) -> None:
    with nord.inside():
        people.save(nord.person("ada"), actor=sabine)
        solutions.set_state(nord.solution_team(), "paused", actor=sabine, reason="Sommer")
        people.remove(nord.person("cem"), actor=sabine)
    page = log_of(nord.signed_in("coordinator"))
    assert "Sabine hat „Ada Nord“ (Person) geändert." in page
    assert (
        "Sabine hat „Grüne Bäume Nordviertel“ (Lösungsteam) von „läuft“ auf „pausiert“ gestellt."
        in page
    )
    assert "Sabine hat Nr.\xa0" in page  # what is gone has no name any more
    listed = page.partition('id="result_list"')[2].partition("</table>")[0]
    for raw in ("person.updated", "solutionteam.state", "s@nord.example", "people.person"):
        assert raw not in listed, raw


def test_an_entry_leads_to_what_it_is_about_while_that_is_there(
    nord: District, sabine: User
) -> None:
    with nord.inside():
        people.save(nord.person("cem"), actor=sabine)
        entry = Entry.objects.latest("pk")
    url = f"/koordination/people/person/{entry.target_id}/change/"
    client = nord.signed_in("coordinator")
    assert f'href="{url}"' in log_of(client)
    one = log_of(client, f"{LOG}{entry.pk}/change/")
    assert "Sabine hat „Cem Nordviertel“ (Person) geändert." in one
    assert "s@nord.example" in one  # whose Sabine it is
    with nord.inside():
        people.remove(nord.person("cem"), actor=sabine)
    assert f'href="{url}"' not in log_of(client)


def test_what_the_platform_and_nobody_by_name_did_reads_as_well(nord: District) -> None:
    with nord.inside():
        audit.record_change("solutionteam.confirmed", nord.solution_team(), actor=audit.MAIL_LINK)
        audit.record_event("account.refused", None, actor="visitor")
        audit.record_event("subject.access", None, actor=ACTOR, details={"a": 2, "b": 3})
    moves.move(nord.row, "hidden", actor=project_team(), reason="Umbau")
    page = log_of(nord.signed_in("coordinator"))
    assert "Jemand mit dem Link aus einer E-Mail hat bestätigt, dass bei" in page
    assert "Jemand hat vergeblich versucht, sich anzumelden: ohne ein Konto." in page
    assert "(5 Einträge)" in page
    assert "Die Plattform hat das Quartier auf „verborgen“ gestellt. Grund: Umbau" in page


def test_the_console_tells_it_in_the_same_words(nord: District, console: Client) -> None:
    districts.update(nord.row, actor=project_team(), name="Nord am Kanal", phone="0341 1")
    moves.move(nord.row, "hidden", actor=project_team())
    page = log_of(console, "/plattform/audit/entry/")
    who = "team@plattform.example"
    assert f"{who} hat Angaben geändert: „Nord am Kanal“ (Quartier), Name, Telefon." in page
    assert f"{who} hat „Nord am Kanal“ (Quartier) auf „verborgen“ gestellt." in page
    own = log_of(console, f"/plattform/districts/district/{nord.row.pk}/history/")
    assert f"{who} hat „Nord am Kanal“ (Quartier) auf „verborgen“ gestellt." in own


def test_the_log_is_filtered_by_what_was_done_in_words(nord: District, sabine: User) -> None:
    with nord.inside():
        people.save(nord.person("ada"), actor=sabine)
    client = nord.signed_in("coordinator")
    assert "Jemand hat … (Person) geändert." in log_of(client)
    chosen = log_of(client, f"{LOG}?was=person.updated")
    assert "Sabine hat „Ada Nord“" in chosen
    assert "eingeladen" not in chosen
    assert "Sabine hat „Ada Nord“" not in log_of(client, f"{LOG}?was=person.deleted")


def test_the_changes_of_a_thing_are_told_where_it_is_edited(nord: District, sabine: User) -> None:
    with nord.inside():
        people.save(nord.person("ada"), actor=sabine)
        number = nord.person("ada").pk
    client, url = nord.signed_in("editor"), f"/koordination/people/person/{number}"
    assert f'href="{url}/history/"' in log_of(client, f"{url}/change/")
    assert "Sabine hat „Ada Nord“ (Person) geändert." in log_of(client, f"{url}/history/")


def test_a_page_of_the_log_asks_once_for_all_names(
    nord: District, django_assert_max_num_queries: Any
) -> None:
    client = nord.signed_in("coordinator")
    with nord.inside():
        for _number in range(40):
            people.save(nord.person("ada"), actor=ACTOR)
    with django_assert_max_num_queries(40):
        log_of(client)


def test_who_moved_and_took_over_is_told_by_name_where_it_happened(
    nord: District, sabine: User
) -> None:
    nord.client().post("/kontakt/", form())
    with nord.inside():
        solutions.set_state(nord.solution_team(), "paused", actor=sabine, reason="Sommer")
        solutions.set_state(nord.solution_team(), "running", actor=audit.MAIL_LINK, reason="Herbst")
        request = contact.set_state(ContactRequest.objects.get(), "taken", actor=sabine)
    client = nord.signed_in("coordinator")
    team = f"/koordination/solutions/solutionteam/{nord.solution_team().pk}/change/"
    inbox = f"/koordination/contact/contactrequest/{request.pk}/change/"
    assert "Jemand mit dem Link aus einer E-Mail" in log_of(client, team)
    for page in (team, inbox):
        assert "Sabine" in log_of(client, page)
        assert "s@nord.example" not in log_of(client, page)


def test_somebody_is_found_by_name_and_by_address(nord: District, sabine: User) -> None:
    with nord.inside():
        people.save(nord.person("ada"), actor=sabine)
        people.save(nord.person("cem"), actor=ACTOR)
    client = nord.signed_in("coordinator")
    for term in ("Sabine", "sabin", "s@nord.example"):
        listed = log_of(client, f"{LOG}?q={term}").partition('id="result_list"')[2]
        assert "Sabine hat „Ada Nord“" in listed, term
        assert "Cem" not in listed, term
    assert "Sabine hat" not in log_of(client, f"{LOG}?q=Niemand").partition("result_list")[2]
