"""The second step: asked of coordination and project team after two weeks, reset by a colleague."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from django_tenants.utils import schema_context

from tests.audited import said
from tests.cast import PASSWORD, District, project_team
from wiq.accounts import second_step, services
from wiq.accounts.models import Session, User
from wiq.mail.models import Message
from wiq.tenancy import PUBLIC

SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
SETUP = "/anmelden/zweiter-faktor/"


def account(role: str) -> User:
    found: User = User.objects.get(email=f"{role}@nord.example")
    return found


def sign_in(district: District, role: str = "coordinator", agent: str = "curl") -> Client:
    client = district.client(**{"user-agent": agent})
    sent = {"login": f"{role}@{district.slug}.example", "password": PASSWORD}
    assert client.post("/anmelden/", sent).status_code == 302
    return client


def later(**time: int) -> Any:
    return time_machine.travel(timezone.now() + timedelta(**time))


def test_coordination_is_asked_at_once_and_led_there_after_two_weeks(nord: District) -> None:
    desk = sign_in(nord)
    assert "zweiten Schritt" in desk.get("/koordination/", follow=True).content.decode()
    with later(days=13, hours=23):
        assert sign_in(nord).get("/koordination/").status_code == 200
    with later(days=14, minutes=1):
        late = sign_in(nord)
        for page in (
            "/koordination/",
            "/koordination/contact/contactrequest/",
            "/en/koordination/",
        ):
            answer = late.get(page)
            assert answer.status_code == 302
            assert answer["Location"].endswith(SETUP)
        assert late.get("/kontakt/").status_code == 200
        shown = late.get(SETUP, follow=True)
        assert shown.status_code == 200
        assert "zuerst den zweiten Schritt" in shown.content.decode()
        with nord.inside():
            TOTP.activate(account("coordinator"), SEED)
        assert late.get("/koordination/").status_code == 200


def test_editors_and_those_who_have_one_are_not_asked(nord: District) -> None:
    sign_in(nord, "editor")
    with nord.inside():
        TOTP.activate(account("coordinator"), SEED)
        assert second_step.note_sign_in(account("coordinator")) is None
        assert User.objects.filter(factor_due_at__isnull=False).count() == 0
    with later(days=20):
        assert sign_in(nord, "editor").get("/koordination/").status_code == 200


def test_the_project_team_is_asked_and_the_demo_is_not(platform: Client) -> None:
    team = project_team()
    services.set_password(team, PASSWORD, actor="test")
    assert second_step.note_sign_in(team) is not None
    with later(days=15):
        platform.force_login(team)
        assert platform.get("/plattform/")["Location"].endswith(SETUP)
        User.objects.filter(pk=team.pk).update(email="projektteam@wiq.example")
        assert platform.get("/plattform/").status_code == 200


def test_a_support_visit_is_not_asked(nord: District) -> None:
    with nord.inside():
        User.objects.filter(email="coordinator@nord.example").update(
            expires_at=timezone.now() + timedelta(hours=1), factor_due_at=timezone.now()
        )
    assert nord.signed_in("coordinator").get("/koordination/").status_code == 200


def reset(client: Client, number: int) -> Any:
    page = f"/koordination/accounts/user/{number}/change/"
    return client.post(page, {"_act": "second-step:reset"}, follow=True)


def test_a_colleague_resets_a_lost_one_and_its_owner_is_told(
    nord: District, sued: District
) -> None:
    theirs = nord.signed_in("editor")
    with nord.inside():
        lost = account("editor")
        TOTP.activate(lost, SEED)
    shown = reset(nord.signed_in("coordinator"), lost.pk)
    assert "Zurückgesetzt" in shown.content.decode()
    assert theirs.get("/koordination/").status_code == 302
    with nord.inside():
        assert not Authenticator.objects.exists()
        assert [message.to for message in Message.objects.all()] == ["editor@nord.example"]
        assert said("account.factor_reset") == [
            ("account.factor_reset", "coordinator@nord.example")
        ]
    assert sign_in(nord, "editor").get("/koordination/").status_code == 200


def test_nobody_resets_their_own_and_no_editor_anybodys(nord: District) -> None:
    with nord.inside():
        for role in ("coordinator", "editor"):
            TOTP.activate(account(role), SEED)
        own, other = account("coordinator").pk, account("editor").pk
    reset(nord.signed_in("coordinator"), own)
    assert reset(nord.signed_in("editor"), other).status_code == 403
    with nord.inside():
        assert Authenticator.objects.count() == 2
        with pytest.raises(services.ValidationError):
            second_step.reset(account("coordinator"), actor=account("coordinator"))


def test_where_nobody_is_left_the_command_resets_it_and_asks_for_a_new_one(
    nord: District, capsys: pytest.CaptureFixture[str]
) -> None:
    with nord.inside():
        TOTP.activate(account("coordinator"), SEED)
    words = ("--district", "nord", "coordinator@nord.example")
    call_command("reset_second_factor", *words)
    with later(minutes=1):
        assert sign_in(nord).get("/koordination/")["Location"].endswith(SETUP)
    with pytest.raises(CommandError):
        call_command("reset_second_factor", *words)
    with schema_context(PUBLIC), pytest.raises(CommandError):
        call_command("reset_second_factor", "--district", "sued", "coordinator@nord.example")


FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:133.0) Gecko/20100101 Firefox/133.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1"


def test_one_sees_where_one_is_signed_in_and_signs_out_elsewhere(nord: District) -> None:
    here, phone = sign_in(nord, "editor", FIREFOX), sign_in(nord, "editor", PHONE)
    third, other = sign_in(nord, "editor", "curl"), sign_in(nord, "coordinator", PHONE)
    page = here.get("/anmelden/sitzungen/").content.decode()
    assert page.count("Angemeldet am") == 3
    for words in ("Firefox, Windows", "dieses Gerät", "Safari, iPhone", "unbekanntes Gerät"):
        assert words in page
    with nord.inside():
        keys = list(Session.objects.values_list("session_key", flat=True))
        chosen = Session.objects.get(browser="Safari, iPhone", user=account("editor")).reference
        anothers = Session.objects.get(user=account("coordinator")).reference
    assert not any(key in page for key in keys)
    here.post("/anmelden/sitzungen/", {"which": anothers})
    assert other.get("/koordination/").status_code == 200
    here.post("/anmelden/sitzungen/", {"which": chosen})
    assert phone.get("/koordination/").status_code == 302
    assert third.get("/koordination/").status_code == 200
    here.post("/anmelden/sitzungen/", {"which": ""})
    assert third.get("/koordination/").status_code == 302
    assert here.get("/koordination/").status_code == 200
    with nord.inside():
        assert len(said("account.sessions_ended")) == 2


def test_the_list_of_sessions_is_for_whoever_is_signed_in(nord: District) -> None:
    assert nord.client().get("/anmelden/sitzungen/").status_code == 302
