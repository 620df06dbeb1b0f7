"""Whatever is not kept is not answered as if it were."""

import re
from typing import Any

import pytest
from django.test import Client

from directory.contact import services as contact
from directory.contact.models import ContactRequest
from directory.following import services as following
from directory.following.models import Subscription
from directory.people.models import Team
from directory.solutions.models import SolutionTeam
from tests.applications.test_application import typed as application
from tests.cast import District, form
from tests.editing.opened import fields_of
from wiq.mail.models import Message

HONEY = "http://spam.example"
SUBSCRIBING = {"email": "erika@nur-hier-nicht-gehalten.example", "privacy_acknowledged": "on"}


def test_a_subscription_that_mails_nobody_promises_no_mail(nord: District) -> None:
    sent = fields_of(nord.client().get("/abonnieren/").content.decode()) | SUBSCRIBING
    page = nord.client().post("/abonnieren/", sent | {"website": HONEY}, follow=True)
    text = page.content.decode()
    assert "Wir haben Ihnen noch keine E-Mail geschickt." in text
    assert "Wir haben Ihnen eine E-Mail geschickt" not in text
    # The same showing of the form, with the honeypot emptied.
    again = nord.client().post("/abonnieren/", sent, follow=True)
    assert "Wir haben Ihnen eine E-Mail geschickt" in again.content.decode()
    with nord.inside():
        assert Message.objects.count() == 1


@pytest.mark.usefixtures("no_budget")
def test_whether_an_address_is_known_shows_neither_here_nor_there(nord: District) -> None:
    places = []
    for _again in range(2):
        for website in ("", HONEY):
            sent = SUBSCRIBING | {"website": website}
            places.append(nord.client().post("/abonnieren/", sent)["Location"])
    assert places[:2] == places[2:]


def test_an_application_that_mails_nobody_promises_no_mail(platform: Client) -> None:
    sent = application(website=HONEY)
    text = platform.post("/quartier-anmelden/", sent, follow=True).content.decode()
    assert "Wir haben Ihnen noch keine E-Mail geschickt." in text
    assert "Wir haben Ihnen eine E-Mail geschickt." not in text


@pytest.mark.parametrize(
    "path",
    ["/kontakt/?loesungsteam=weg", "/kontakt/?team=weg", "/kontakt/einfach/?loesungsteam=weg",
     "/kontakt/?team=geheim", "/kontakt/?loesungsteam=entwurf", "/abonnieren/?loesungsteam=weg",
     "/en/kontakt/?loesungsteam=weg"],
)  # fmt: skip
def test_a_link_to_a_team_that_is_gone_says_so(nord: District, path: str) -> None:
    page = nord.client().get(path)
    assert page.status_code == 200
    assert 'class="note" role="alert"' in page.content.decode()
    there = nord.client().get(path.partition("?")[0])
    assert 'class="note" role="alert"' not in there.content.decode()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"team": "weg"}, "Dieses Team gibt es hier nicht."),
        ({"team": None, "solution_team": "weg"}, "Dieses Lösungsteam gibt es nicht mehr."),
        ({"team": None, "solution_team": "weg", "kind": "join"}, "gibt es nicht mehr"),
    ],
)
def test_what_goes_to_a_team_that_is_gone_is_not_kept_and_shown_again(
    nord: District, changes: dict[str, Any], words: str
) -> None:
    for path in ("/kontakt/", "/kontakt/einfach/"):
        page = nord.client().post(path, form(**changes))
        assert page.status_code == 422
        assert words in page.content.decode()
        assert "eine Bank am Kanal" in page.content.decode()
    with nord.inside():
        assert not ContactRequest.objects.exists()


@pytest.mark.parametrize("chosen", ["team", "solution_team"])
def test_a_team_that_vanishes_between_checking_and_keeping_is_told(
    nord: District, chosen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = contact._hold_addressee

    def vanish(values: dict[str, Any]) -> None:
        Team.objects.update(is_published=False)
        SolutionTeam.objects.update(state="draft")
        held(values)

    monkeypatch.setattr(contact, "_hold_addressee", vanish)
    sent = form(team="unterstuetzungsteam" if chosen == "team" else None,
                solution_team="baeume" if chosen == "solution_team" else "")  # fmt: skip
    page = nord.client().post("/kontakt/", sent)
    assert page.status_code == 422
    assert re.search("gibt es (hier )?nicht mehr", page.content.decode())
    assert "eine Bank am Kanal" in page.content.decode()
    with nord.inside():
        assert not ContactRequest.objects.exists()
        assert not Message.objects.exists()


def test_a_solution_team_that_vanishes_while_somebody_subscribes_is_told(
    nord: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = following._hold

    def vanish(team: SolutionTeam | None) -> None:
        SolutionTeam.objects.filter(slug="baeume").delete()
        held(team)

    monkeypatch.setattr(following, "_hold", vanish)
    page = nord.client().post("/abonnieren/", SUBSCRIBING | {"loesungsteam": "baeume"})
    assert page.status_code == 422
    assert "Dieses Lösungsteam ist hier nicht mehr zu sehen." in page.content.decode()
    with nord.inside():
        assert not Subscription.objects.exists()
