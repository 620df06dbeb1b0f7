"""Inviting people: the link ends, is sent anew, is taken back; and somebody always stays."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from tests.audited import said
from tests.cast import ACTOR, District
from tests.locks import row_locks
from wiq.accounts import invitations, services
from wiq.accounts.models import Invitation, User
from wiq.accounts.roles import Role
from wiq.mail.models import Message

PASSWORD = "ein ganzer Satz als Passwort"
NEW = {"name": "Kim Neu", "password": PASSWORD}
# Between it and the end of a link the clocks change.
MOMENT = datetime(2026, 3, 20, 22, 30, tzinfo=UTC)


def invited(district: District, role: Role = Role.EDITOR) -> Invitation:
    with district.inside():
        return invitations.invite(email="Kim@Neu.example", role=role, actor=ACTOR)


def links(district: District) -> list[str]:
    with district.inside():
        texts = Message.objects.filter(kind="accounts.invitation").order_by("pk")
        return [re.findall(r"https?://[^/]+(/anmelden/einladung/\S+)", m.text)[0] for m in texts]


def test_who_follows_the_link_has_an_account_and_is_signed_in(nord: District) -> None:
    invited(nord)
    (link,) = links(nord)
    client = nord.client()
    page = client.get(link)
    assert "kim@neu.example" in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    response = client.post(link, NEW)
    assert (response.status_code, response["Location"]) == (302, "/anmelden/weiter/")
    assert client.get("/koordination/").status_code == 200
    with nord.inside():
        user = User.objects.get(email="kim@neu.example")
        assert (user.name, user.role) == ("Kim Neu", "editor")
        assert user.check_password(PASSWORD)
    assert nord.client().post(link, NEW).status_code == 410


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"password": "kurz"}, "zu kurz"),
        ({"password": "nordviertel2026"}, "aus Namen"),
        ({"name": ""}, "Ihren Namen"),
        ({"password": ""}, "wählen Sie ein Passwort"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(
    nord: District, typed: dict[str, str], words: str
) -> None:
    invited(nord)
    (link,) = links(nord)
    response = nord.client().post(link, NEW | typed)
    assert response.status_code == 422
    page = response.content.decode()
    assert words in page
    for value in (NEW | typed).values():
        assert value in page


def test_a_link_is_worth_nothing_next_door(nord: District, sued: District) -> None:
    invited(nord)
    (link,) = links(nord)
    assert sued.client().get(link).status_code == 404


def test_a_fresh_link_ends_the_older_one(nord: District) -> None:
    invitation = invited(nord)
    with nord.inside():
        invitations.resend(invitation, actor=ACTOR)
    first, second = links(nord)
    assert nord.client().get(first).status_code == 410
    assert nord.client().get(second).status_code == 200


def test_inviting_the_same_person_again_sends_a_fresh_link(nord: District) -> None:
    assert invited(nord).pk == invited(nord, Role.COORDINATOR).pk
    assert len(links(nord)) == 2
    with nord.inside():
        assert Invitation.objects.get().role == "coordinator"


def test_a_link_ends_in_time_and_when_it_is_taken_back(nord: District) -> None:
    invitation = invited(nord)
    (link,) = links(nord)
    with nord.inside():
        Invitation.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert nord.client().get(link).status_code == 410
    with nord.inside():
        invitations.resend(invitation, actor=ACTOR)
        invitations.revoke(invitation, actor=ACTOR)
        with pytest.raises(ValidationError, match="zurückgenommen"):
            invitations.resend(invitation, actor=ACTOR)
    assert nord.client().get(links(nord)[-1]).status_code == 410
    assert "gilt nicht mehr" in nord.client().get(link).content.decode()


def test_the_mail_names_the_last_day_by_the_clock_here(nord: District) -> None:
    # Half past midnight here, and still the day before in UTC.
    with time_machine.travel(datetime.fromisoformat("2026-07-15T00:30:00+02:00"), tick=False):
        invited(nord)
    with nord.inside():
        assert "bis zum 29.\xa0Juli 2026" in Message.objects.get().text


def test_who_has_an_account_is_not_invited(nord: District) -> None:
    with nord.inside(), pytest.raises(ValidationError, match="schon ein Konto"):
        invitations.invite(email="Editor@nord.example", role=Role.EDITOR, actor=ACTOR)
    with nord.inside(), pytest.raises(ValidationError, match="Rolle"):
        invitations.invite(email="a@b.example", role=Role.PROJECT_TEAM, actor=ACTOR)


def test_the_desk_invites_sends_again_and_takes_back(nord: District) -> None:
    desk = nord.signed_in("coordinator")
    url = "/koordination/accounts/invitation/"
    response = desk.post(f"{url}add/", {"email": "kim@neu.example", "name": "", "role": "editor"})
    assert response.status_code == 302
    assert "offen" in desk.get(url).content.decode()
    with nord.inside():
        number = Invitation.objects.get().pk
    desk.post(url, {"action": "resend", "_selected_action": [number]})
    assert len(links(nord)) == 2
    desk.post(url, {"action": "revoke", "_selected_action": [number]})
    assert nord.client().get(links(nord)[-1]).status_code == 410
    taken = desk.post(f"{url}add/", {"email": "editor@nord.example", "role": "editor"})
    assert "schon ein Konto" in taken.content.decode()
    # An editor has no business there.
    assert nord.signed_in("editor").get(url).status_code == 403


def test_the_last_coordinator_stays(nord: District) -> None:
    with nord.inside():
        last = User.objects.get(email="coordinator@nord.example")
        for role, is_active in ((Role.EDITOR, True), (Role.COORDINATOR, False)):
            with pytest.raises(ValidationError, match="letzte Konto"):
                services.change_account(last, actor=last, name="", role=role, is_active=is_active)
        with pytest.raises(ValidationError, match="letzte Konto"):
            services.remove_account(last, actor=last)
        second = services.create_account(email="zwei@nord.example", role=Role.COORDINATOR)
        services.change_account(last, actor=second, name="", role=Role.EDITOR, is_active=True)
        with pytest.raises(ValidationError, match="letzte Konto"):
            services.remove_account(second, actor=second)


def test_the_desk_says_why_the_last_coordinator_stays(nord: District) -> None:
    desk = nord.signed_in("coordinator")
    with nord.inside():
        number = User.objects.get(email="coordinator@nord.example").pk
        other = User.objects.get(email="editor@nord.example").pk
    url = f"/koordination/accounts/user/{number}/change/"
    page = desk.post(url, {"name": "", "role": "editor", "is_active": "on"})
    assert "letzte Konto" in page.content.decode()
    page = desk.post(f"/koordination/accounts/user/{number}/delete/", {"post": "yes"}, follow=True)
    assert "letzte Konto" in page.content.decode()
    assert (
        desk.post(f"/koordination/accounts/user/{other}/delete/", {"post": "yes"}).status_code
        == 302
    )
    with nord.inside():
        assert [user.pk for user in User.objects.all()] == [number]


def test_an_account_that_is_switched_off_is_out_at_once(nord: District) -> None:
    token = nord.token("editor")
    editor = nord.signed_in("editor")
    with nord.inside():
        user = User.objects.get(email="editor@nord.example")
        services.change_account(user, actor=ACTOR, name="", role=Role.EDITOR, is_active=False)
    assert editor.get("/koordination/").status_code == 302
    api = nord.client(authorization=f"Bearer {token}")
    assert api.get("/api/v1/teams/").status_code == 401


def test_a_link_holds_for_fourteen_days_to_the_second(nord: District) -> None:
    with time_machine.travel(MOMENT, tick=False):
        invited(nord)
    (link,) = links(nord)
    for seconds, status, words in ((-1, 200, "offen"), (0, 410, "abgelaufen")):
        with time_machine.travel(MOMENT + timedelta(days=14, seconds=seconds), tick=False):
            assert nord.client().get(link).status_code == status
            assert nord.client().post(link, {}).status_code == (422 if status == 200 else 410)
            listed = nord.signed_in("coordinator").get("/koordination/accounts/invitation/")
            assert f">{words}<" in listed.content.decode().replace("\n", "").replace(" ", "")


def test_a_fresh_link_holds_for_fourteen_days_of_its_own(nord: District) -> None:
    with time_machine.travel(MOMENT, tick=False):
        invitation = invited(nord)
    with time_machine.travel(MOMENT + timedelta(days=10), tick=False), nord.inside():
        invitations.resend(invitation, actor=ACTOR)
    link = links(nord)[-1]
    for seconds, status in ((-1, 200), (0, 410)):
        with time_machine.travel(MOMENT + timedelta(days=24, seconds=seconds), tick=False):
            assert nord.client().get(link).status_code == status


def test_whatever_happens_to_an_invitation_is_recorded_with_who_did_it(nord: District) -> None:
    with nord.inside():
        boss = User.objects.get(email="coordinator@nord.example")
        for email in ("eins@neu.example", "zwei@neu.example"):
            made = invitations.invite(email=email, role=Role.EDITOR, actor=boss)
            assert made.invited_by == boss.email
        invitations.resend(made, actor=boss)
        invitations.revoke(made, actor=boss)
        first = Invitation.objects.get(email="eins@neu.example")
        invitations.accept(first, name="Eins", password=PASSWORD)
        assert said("invitation.") == [
            ("invitation.sent", boss.email),
            ("invitation.sent", boss.email),
            ("invitation.resent", boss.email),
            ("invitation.revoked", boss.email),
            ("invitation.accepted", "eins@neu.example"),
        ]


@pytest.mark.parametrize("write", ["invite", "resend", "revoke", "accept"])
def test_two_who_handle_an_invitation_at_once_wait_for_each_other(
    nord: District, write: str
) -> None:
    invitation = invited(nord)
    with nord.inside(), row_locks() as locked:
        if write == "invite":
            invitations.invite(email="kim@neu.example", role=Role.EDITOR, actor=ACTOR)
        elif write == "accept":
            invitations.accept(invitation, name="Kim", password=PASSWORD)
        else:
            getattr(invitations, write)(invitation, actor=ACTOR)
    assert "accounts_invitation" in locked


def test_one_try_too_many_at_an_invitation_waits(nord: District) -> None:
    invited(nord)
    (link,) = links(nord)
    answers = [nord.client().post(link, NEW | {"name": ""}).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]
