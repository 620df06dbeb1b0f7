"""The first account of a new server, made by a command; every other one by an invitation, too."""

import re
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from directory.pages.models import Text
from directory.people.models import Team
from tests.cast import PROJECT_TEAM, District
from wiq.accounts.models import Invitation, User
from wiq.mail.models import Message

NEW = {"name": "Kim Neu", "password": "ein ganzer Satz als Passwort"}
MISSING = "create_account"


def invited(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """Call the command; return the path of the link on its last line."""
    call_command("create_account", *words)
    link = capsys.readouterr().out.splitlines()[-1]
    assert re.fullmatch(r"http://\S+/anmelden/einladung/\S+", link)
    return urlsplit(link).path


@pytest.fixture
def nobody(platform: Client) -> None:
    """A platform as it is on a new server."""
    User.objects.filter(email=PROJECT_TEAM).update(is_active=False)


@pytest.mark.usefixtures("nobody")
def test_a_new_server_says_in_one_sentence_how_the_first_account_is_made(
    platform: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    page = platform.get("/plattform/", follow=True).content.decode()
    assert page.count("create_account E-MAIL-ADRESSE --platform") == 1
    assert platform.get("/en/anmelden/").content.decode().count("create_account EMAIL") == 1
    assert MISSING in platform.get("/health/ready").json()["project_team"]

    link = invited(capsys, "Kim@Neu.example", "--platform")
    assert platform.post(link, NEW)["Location"] == "/anmelden/weiter/"
    assert platform.get("/plattform/").status_code == 200
    made = User.objects.get(email="kim@neu.example")
    assert (made.role, made.is_active) == ("project_team", True)
    visitor = Client(headers={"host": "localhost"})
    assert MISSING not in visitor.get("/plattform/", follow=True).content.decode()
    assert "project_team" not in visitor.get("/health/ready").json()


def test_the_sign_in_page_of_a_district_never_speaks_of_commands(nord: District) -> None:
    with nord.inside():
        User.objects.update(is_active=False)
    assert MISSING not in nord.client().get("/anmelden/").content.decode()


@pytest.mark.parametrize(("words", "role"), [((), "coordinator"), (("--role", "editor"), "editor")])
def test_a_district_gets_an_account_that_no_other_district_knows(
    nord: District,
    sued: District,
    words: tuple[str, ...],
    role: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    link = invited(capsys, "kim@neu.example", "--district", "nord", *words)
    with nord.inside():
        assert Message.objects.filter(kind="accounts.invitation", to="kim@neu.example").count() == 1
    with sued.inside():
        assert not Invitation.objects.filter(email="kim@neu.example").exists()
    assert sued.client().post(link, NEW).status_code == 404
    assert nord.client().post(link, NEW).status_code == 302
    with nord.inside():
        assert User.objects.get(email="kim@neu.example").role == role


def test_asked_again_the_command_gives_a_new_link_and_the_old_one_ends(
    nord: District, capsys: pytest.CaptureFixture[str]
) -> None:
    old = invited(capsys, "kim@neu.example", "--district", "nord")
    new = invited(capsys, "kim@neu.example", "--district", "nord")
    assert nord.client().post(old, NEW).status_code == 410
    assert nord.client().post(new, NEW).status_code == 302


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("k@neu.example",), "--district --platform is required"),
        (("k@neu.example", "--platform", "--district", "nord"), "not allowed with"),
        (("k@neu.example", "--district", "west"), "no district west"),
        (("k@neu.example", "--platform", "--role", "editor"), "gibt es hier nicht"),
        (("k@neu.example", "--district", "nord", "--role", "project_team"), "gibt es hier nicht"),
        (("k@neu.example", "--district", "nord", "--role", "boss"), "invalid choice"),
        (("keine-adresse", "--platform"), "gültige E-Mail-Adresse"),
        (("coordinator@nord.example", "--district", "nord"), "hier schon ein Konto"),
    ],
)
def test_a_wrong_call_is_refused_in_words(
    nord: District, words: tuple[str, ...], said: str
) -> None:
    with pytest.raises(CommandError, match=said):
        call_command("create_account", *words)
    with nord.inside():
        assert not Invitation.objects.exists()
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("words", [(), ("--noinput", "--email", "k@neu.example")])
def test_djangos_createsuperuser_names_the_command_that_works(words: tuple[str, ...]) -> None:
    with pytest.raises(CommandError, match="create_account EMAIL --platform"):
        call_command("createsuperuser", *words)


def test_a_coordinator_named_on_the_command_line_is_mailed_a_link_to_choose_a_password(
    platform: Client,
) -> None:
    call_command("create_district", "west", "--name", "Westend", "--city", "Leipzig",
                 "--coordinator", "kim@west.example")  # fmt: skip
    west = District("west")
    with west.inside():
        # The starter kit is in it, or the guide's third step would ask for the fourth one first.
        assert Team.objects.support().exists()
        assert Text.objects.exists()
        (mail,) = Message.objects.filter(to="kim@west.example")
    assert "Koordination" in mail.text
    assert "Guten Tag,\n\nbei „Wir im Quartier – Westend“" in mail.text
    assert "Westend" in mail.subject
    (link,) = re.findall(r"http://west\.localhost\S*(/anmelden/passwort/neu/\S+)", mail.text)
    client = west.client()
    page = client.get(link, follow=True)
    chosen = {"password1": "ein ganzer Satz", "password2": "ein ganzer Satz"}
    assert client.post(page.redirect_chain[-1][0], chosen).status_code == 302
    signed_in = client.post(
        "/anmelden/", {"login": "kim@west.example", "password": "ein ganzer Satz"}
    )
    assert (signed_in.status_code, signed_in["Location"]) == (302, "/anmelden/weiter/")
    assert "password1" not in west.client().get(link, follow=True).content.decode()
