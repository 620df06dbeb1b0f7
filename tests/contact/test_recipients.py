"""Whom a request goes to: the nearest address there is, and never somebody who is not there."""

from typing import Any

import pytest

from directory.contact import links, services
from directory.contact.mails import recipient_of
from directory.contact.models import ContactRequest
from directory.people import services as people
from directory.people.models import Team
from directory.solutions import services as solutions
from directory.solutions.models import SolutionTeam
from tests.cast import ACTOR, District, body, form
from tests.contact.codes import press
from wiq.accounts import services as accounts
from wiq.accounts.models import User
from wiq.accounts.roles import Role
from wiq.mail.models import Message
from wiq.outbox.models import Pointer, State

API = "/api/v1/contact-requests/"


def send(district: District, **changes: Any) -> ContactRequest:
    answer = district.client().post(API, body(**changes), "application/json")
    assert answer.status_code == 201, answer.content
    with district.inside():
        return ContactRequest.objects.latest("pk")


def mailed(district: District, contact_request: ContactRequest) -> list[str]:
    with district.inside():
        mails = Message.objects.about(contact_request).filter(kind="contact.team").order_by("pk")
        return list(mails.values_list("to", flat=True))


def without_support(district: District) -> None:
    with district.inside():
        Team.objects.filter(kind="support").update(contact_email="")


@pytest.mark.parametrize(
    ("addressed", "expected"),
    [
        ({}, "ut@nord.example"),
        ({"team": "unterstuetzungsteam"}, "ut@nord.example"),
        ({"team": "steuerungsteam"}, "st@nord.example"),
        ({"solution_team": "baeume"}, "baeume@nord.example"),
        ({"solution_team": "baeume", "kind": "join"}, "baeume@nord.example"),
        # It has no address of its own.
        ({"solution_team": "fest"}, "ut@nord.example"),
        ({"solution_team": "fest", "kind": "join"}, "ut@nord.example"),
        # Only who looks after the whole site can mend what keeps somebody out.
        ({"kind": "barrier"}, "ut@nord.example"),
        ({"kind": "barrier", "team": "steuerungsteam"}, "ut@nord.example"),
        ({"kind": "barrier", "solution_team": "baeume"}, "ut@nord.example"),
    ],
)
def test_a_request_goes_to_the_nearest_address(
    nord: District, addressed: dict[str, str], expected: str
) -> None:
    with nord.inside():
        Team.objects.filter(slug="steuerungsteam").update(contact_email="st@nord.example")
    assert mailed(nord, send(nord, **addressed)) == [expected]


@pytest.mark.parametrize("team", ["", "unterstuetzungsteam", "steuerungsteam"])
def test_a_team_without_an_address_leaves_it_to_the_support_team(nord: District, team: str) -> None:
    nord.client().post("/kontakt/", form(team=team))
    with nord.inside():
        assert Message.objects.get(kind="contact.team").to == "ut@nord.example"


def test_of_two_support_teams_the_first_with_an_address_that_all_may_see_gets_it(
    nord: District,
) -> None:
    def team(slug: str, position: int, **fields: Any) -> None:
        people.create_team(
            actor=ACTOR, slug=slug, name=slug, kind="support", abbreviation=slug[:2].upper(),
            position=position, **fields,
        )  # fmt: skip

    with nord.inside():
        Team.objects.filter(slug="unterstuetzungsteam").update(position=5)
        team("verborgen", 1, contact_email="verborgen@nord.example", is_published=False)
        team("ohne", 2)
        team("spaeter", 9, contact_email="spaeter@nord.example")
    assert mailed(nord, send(nord)) == ["ut@nord.example"]


def test_where_no_team_has_an_address_every_coordinator_gets_it_and_nobody_else(
    nord: District, sued: District
) -> None:
    without_support(nord)
    with nord.inside():
        accounts.create_account(email="zwei@nord.example", role=Role.COORDINATOR)
        gone = accounts.create_account(email="weg@nord.example", role=Role.COORDINATOR)
        User.objects.filter(pk=gone.pk).update(is_active=False)
        visitor = accounts.create_account(email="besuch@nord.example", role=Role.COORDINATOR)
        User.objects.filter(pk=visitor.pk).update(expires_at="2999-01-01T00:00:00Z")
    assert mailed(nord, send(nord)) == ["coordinator@nord.example", "zwei@nord.example"]


def test_each_coordinators_own_link_says_who_took_it(nord: District) -> None:
    without_support(nord)
    with nord.inside():
        accounts.create_account(email="zwei@nord.example", role=Role.COORDINATOR)
    request = send(nord)
    with nord.inside():
        second = Message.objects.get(to="zwei@nord.example", kind="contact.team")
        first = Message.objects.get(to="coordinator@nord.example", kind="contact.team")
        path = second.text.partition("http://nord.localhost:8000")[2].split()[0]
        assert path not in first.text
    assert press(nord, path).status_code == 200
    with nord.inside():
        assert ContactRequest.objects.get(pk=request.pk).taken_by == "zwei@nord.example"


def test_who_took_a_request_is_never_the_person_who_wrote_it(nord: District) -> None:
    """The confirmation may be older than the mails to the team, and is none of them."""
    without_support(nord)
    with nord.inside():
        User.objects.filter(role=Role.COORDINATOR).update(is_active=False)
    request = send(nord)
    with nord.inside():
        Team.objects.filter(kind="support").update(contact_email="ut@nord.example")
        services.send_mails_again(request, actor=ACTOR)
        assert recipient_of(request, 0) == "ut@nord.example"
        assert recipient_of(request, 1) == recipient_of(request, -1) == ""
        path = links.link(request, "taken", 0).removeprefix("http://nord.localhost:8000")
    press(nord, path)
    with nord.inside():
        assert ContactRequest.objects.get().taken_by == "Sabine"


def test_a_team_that_could_not_be_mailed_is_mailed_as_soon_as_it_has_an_address(
    nord: District,
) -> None:
    without_support(nord)
    with nord.inside():
        User.objects.filter(role=Role.COORDINATOR).update(is_active=False)
    request = send(nord)
    assert mailed(nord, request) == []
    with nord.inside():
        # The resident's confirmation went out all the same.
        assert Message.objects.about(request).count() == 1
        Team.objects.filter(kind="support").update(contact_email="ut@nord.example")
        assert services.send_mails_again(request, actor=ACTOR) == 1
    assert mailed(nord, request) == ["ut@nord.example"]


def test_only_mails_that_did_not_get_through_are_sent_again(nord: District) -> None:
    request = send(nord)
    with nord.inside():
        to_team = Message.objects.get(kind="contact.team")
        Pointer.objects.filter(message_uuid=to_team.uuid).update(state=State.DEAD)
        Pointer.objects.exclude(message_uuid=to_team.uuid).update(state=State.SENT)
        assert services.send_mails_again(request, actor=ACTOR) == 1
        assert Message.objects.about(request).count() == 2
        states = dict(Pointer.objects.values_list("message_uuid", "state"))
    assert states.pop(to_team.uuid) == State.PENDING
    assert set(states.values()) == {State.SENT}


def test_a_call_with_an_address_gets_a_confirmation_like_any_other(nord: District) -> None:
    with nord.inside():
        services.record_call(
            team=nord.team(), name="Erika", email="erika@beispiel.example", phone="",
            message="Möchte gießen helfen.", actor=ACTOR,
        )  # fmt: skip
        assert dict(Message.objects.values_list("kind", "to")) == {
            "contact.team": "ut@nord.example",
            "contact.confirmation": "erika@beispiel.example",
        }


def test_a_reported_change_is_answered_where_the_question_went(
    nord: District, no_way_in: None
) -> None:
    with nord.inside():
        team = nord.solution_team()
        team.name = "Grüne Bäume am Kanal und in den Straßen rundherum " * 3
        team.name = team.name[:150].strip()
        solutions.save(team, actor=ACTOR)
        services.report_change(team, "Wir machen Pause.", who="baeume@nord.example")
        assert ContactRequest.objects.get().name == team.name[:120]
        mail = Message.objects.get()
        assert (mail.to, mail.reply_to) == ("ut@nord.example", "baeume@nord.example")


@pytest.mark.parametrize(
    ("changes", "attr"),
    [
        ({"solution_team": "entwurf"}, "solution_team"),
        ({"solution_team": "gibtsnicht"}, "solution_team"),
        ({"solution_team": "\x00"}, "solution_team"),
        ({"team": "geheim"}, "team"),
        ({"team": "steuerungsteam", "solution_team": "baeume"}, "team"),
        ({"kind": "join"}, "kind"),
        ({"kind": "join", "team": "steuerungsteam"}, "kind"),
        ({"kind": "change", "solution_team": "baeume"}, "kind"),
    ],
)
def test_nobody_writes_to_what_is_not_public_or_to_two_at_once(
    nord: District, changes: dict[str, str], attr: str
) -> None:
    answer = nord.client().post(API, body(**changes), "application/json")
    assert answer.status_code == 400
    assert [error["attr"] for error in answer.json()["errors"]] == [attr]
    with nord.inside():
        assert not ContactRequest.objects.exists()
        assert SolutionTeam.objects.filter(slug="entwurf", state="draft").exists()
