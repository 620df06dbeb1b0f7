"""Passwords and sessions: what is refused, what is taken, and when a session ends."""

from typing import Any

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django_tenants.utils import tenant_context

from tests.cast import PASSWORD, District
from wiq.accounts import invitations
from wiq.accounts.models import User
from wiq.accounts.roles import Role

NEW = "sieben Enten am Kanal"


def change(client: Client, new: str, old: str = PASSWORD) -> Any:
    fields = {"oldpassword": old, "password1": new, "password2": new}
    return client.post("/anmelden/passwort/", fields)


@pytest.mark.parametrize("password", [
    "kurz", "passwort1234", "password1234", "Quartier2026", "Leipzig-Quartier-1", "nordviertel2026",
    "Steuerungsteam1!",
])  # fmt: skip
def test_a_password_that_is_short_common_or_made_of_our_names_is_refused(
    nord: District, password: str
) -> None:
    client = nord.signed_in("editor")
    assert change(client, password).status_code == 200
    with nord.inside():
        assert User.objects.get(email="editor@nord.example").check_password(PASSWORD)


@pytest.mark.parametrize("password", [
    NEW, "nurkleinebuchstaben", "4738291048273", "💚" * 12, "  mit Leerzeichen am Rand  ", "ä" * 64,
    "x" * 80 + "y", "Quartier voller Stachelbeeren",
])  # fmt: skip
def test_any_letters_and_any_length_are_taken_exactly_as_typed(
    nord: District, password: str
) -> None:
    assert change(nord.signed_in("editor"), password).status_code == 302
    with nord.inside():
        user = User.objects.get(email="editor@nord.example")
        assert user.check_password(password)
        assert not user.check_password(password[:-1])
        assert not user.check_password(password.upper() + "x")


def test_changing_it_needs_the_old_one(nord: District) -> None:
    assert change(nord.signed_in("editor"), NEW, old="geraten").status_code == 200
    with nord.inside():
        assert not User.objects.get(email="editor@nord.example").check_password(NEW)


def test_the_words_of_one_district_are_no_secret_there_alone(
    nord: District, sued: District
) -> None:
    with nord.inside(), pytest.raises(ValidationError):
        validate_password("nordviertel2026")
    with sued.inside():
        validate_password("nordviertel2026")


@pytest.mark.parametrize("password", [
    "Südviertel2026", "suedviertel2026", "Sudviertel2026", "SU\u0308DVIERTEL-1",
    "cafe-gohlis-sued", "CaféGohlisSüd!", "Cafe Gohlis Sud 1", "pfaffendorf-ost", "Pfaffendorf+Ost+26",
    "Straßenbund1", "strassenbund1", "STRASENBUND-26", "Görlitz-Görlitz", "goerlitz2026",
])  # fmt: skip
def test_names_of_the_district_are_refused_in_whatever_spelling(
    sued: District, password: str
) -> None:
    row = sued.row
    row.name, row.slug, row.city = (
        "Südviertel Café Gohlis Straßenbund",
        "pfaffendorf-ost",
        "Görlitz",
    )
    with tenant_context(row), pytest.raises(ValidationError, match="fast nur aus Namen"):
        validate_password(password)


def test_a_name_without_umlauts_counts_with_them_as_well(nord: District) -> None:
    row = nord.row
    row.name = "Muehlenviertel"
    with tenant_context(row):
        for password in ("Mühlenviertel1", "Muehlenviertel1", "muhlenviertel-1"):
            with pytest.raises(ValidationError, match="fast nur aus Namen"):
                validate_password(password)
        validate_password("Neue Treppen am Wasser")


OWN = "erika.beispielfrau@posteo.example"


@pytest.mark.parametrize("password", [OWN, OWN.upper(), f" {OWN} ", OWN.replace("@", " ")])
def test_the_own_address_is_no_password(nord: District, password: str) -> None:
    with nord.inside():
        user = User(email=OWN)
        with pytest.raises(ValidationError, match="Ihre E-Mail-Adresse"):
            validate_password(password, user)
        with pytest.raises(ValidationError, match="fast nur aus Namen"):
            validate_password("erika.beispielfrau1", user)
        validate_password("Beispielfrau mag Zwetschgen", user)
        validate_password(OWN, User(email="anna@posteo.example"))


def test_the_own_address_is_refused_wherever_a_password_is_chosen(nord: District) -> None:
    address = "editor-im-nordviertel@nord.example"
    with nord.inside():
        User.objects.filter(email="editor@nord.example").update(email=address)
        user = User.objects.get(email=address)
        invitation = invitations.invite(email=OWN, role=Role.EDITOR, actor="test")
        path = invitations.link(invitation).partition("8000")[2]
    client = nord.client()
    with nord.inside():
        client.force_login(user)
    assert "Ihre E-Mail-Adresse" in change(client, address).content.decode()
    accepted = nord.client().post(path, {"name": "Erika", "password": OWN})
    assert accepted.status_code == 422
    assert "Ihre E-Mail-Adresse" in accepted.content.decode()
    with nord.inside():
        assert not User.objects.filter(email=OWN).exists()


def test_eight_letters_beside_the_names_make_a_password(nord: District) -> None:
    with nord.inside():
        validate_password("Nordviertel-qxzwvupk")
        with pytest.raises(ValidationError, match="fast nur aus Namen"):
            validate_password("Nordviertel-qxzwvup")


def test_the_fields_are_masked_and_let_people_paste(nord: District) -> None:
    page = nord.client().get("/anmelden/").content.decode()
    assert 'type="password"' in page
    assert "onpaste" not in page
    assert 'autocomplete="off"' not in page


def test_a_session_ends_with_signing_out(nord: District) -> None:
    client = nord.signed_in("coordinator")
    kept = client.cookies["session"].value
    assert client.get("/koordination/").status_code == 200
    client.post("/anmelden/abmelden/")
    client.cookies["session"] = kept
    assert client.get("/koordination/").status_code == 302


def test_a_new_password_ends_every_other_session(nord: District) -> None:
    here, elsewhere = nord.signed_in("editor"), nord.signed_in("editor")
    assert change(here, NEW).status_code == 302
    assert elsewhere.get("/koordination/").status_code == 302


def test_an_account_that_is_closed_is_out_at_once(nord: District) -> None:
    client, token = nord.signed_in("coordinator"), nord.token()
    with nord.inside():
        User.objects.filter(email="coordinator@nord.example").update(is_active=False)
    assert client.get("/koordination/").status_code == 302
    script = nord.client(authorization=f"Bearer {token}")
    assert script.get("/api/v1/contact-requests/").status_code == 401


def test_the_sixth_wrong_password_waits(nord: District) -> None:
    sent = {"login": "editor@nord.example", "password": "geraten"}
    answers = [nord.client().post("/anmelden/", sent) for _ in range(6)]
    assert "zu oft nicht geklappt" not in answers[4].content.decode()
    assert "zu oft nicht geklappt" in answers[5].content.decode()
    right = nord.client().post("/anmelden/", sent | {"password": PASSWORD})
    assert right.status_code == 200


def test_who_changes_a_password_too_often_is_asked_to_wait_on_a_page_of_ours(
    nord: District,
) -> None:
    client = nord.signed_in("editor")
    for _ in range(6):
        response = change(client, NEW, old="geraten")
    assert response.status_code == 429
    page = response.content.decode()
    assert "Bitte warten Sie ein paar Minuten" in page
    assert '<html lang="de">' in page
