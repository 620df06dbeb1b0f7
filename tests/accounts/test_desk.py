"""Signing in, the coordinators' desk and the project team's console."""

from typing import Any

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.test import Client

from directory.contact.models import ContactRequest
from directory.people.consents import Consent
from directory.people.models import Person
from tenants.districts.models import District as Row
from tests.cast import PASSWORD, District, form
from tests.editing.pressing import at_hand, press
from wiq.accounts.models import User
from wiq.audit.models import Entry
from wiq.mail.models import Message
from wiq.outbox.models import Pointer


def sign_in(client: Client, email: str, password: str = PASSWORD) -> Any:
    return client.post("/anmelden/", {"login": email, "password": password})


def test_the_password_opens_the_desk_of_the_own_district_only(
    nord: District, sued: District
) -> None:
    client = nord.client()
    assert sign_in(client, "Coordinator@nord.example").status_code == 302
    assert client.get("/koordination/").status_code == 200
    assert sign_in(sued.client(), "coordinator@nord.example").status_code == 200
    assert sign_in(nord.client(), "coordinator@nord.example", "falsch").status_code == 200


def test_sign_up_is_closed(nord: District) -> None:
    data = {"email": "neu@beispiel.example", "password1": PASSWORD, "password2": PASSWORD}
    nord.client().post("/anmelden/konto-anlegen/", data)
    with nord.inside():
        assert not User.objects.filter(email="neu@beispiel.example").exists()


def test_a_forgotten_password_is_answered_by_mail_through_the_outbox(
    nord: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    # While the queue is away the page writes the mail itself; see test_guesses for the worker.
    monkeypatch.setattr("wiq.queueing.VALKEY.is_silent", lambda: True)
    client = nord.client()
    client.post("/anmelden/passwort/vergessen/", {"email": "coordinator@nord.example"})
    with nord.inside():
        message = Message.objects.get()
        assert message.to == "coordinator@nord.example"
    assert Pointer.objects.get().message_uuid == message.uuid
    path = message.text.split("http://nord.localhost:8000")[1].split()[0]
    response = client.get(path, follow=True)
    chosen = {"password1": "noch ein langes Kennwort", "password2": "noch ein langes Kennwort"}
    client.post(response.redirect_chain[-1][0], chosen)
    again = nord.client()
    assert sign_in(again, "coordinator@nord.example", chosen["password1"]).status_code == 302


def test_an_unknown_address_learns_nothing(nord: District) -> None:
    client = nord.client()
    answer = client.post("/anmelden/passwort/vergessen/", {"email": "x@beispiel.example"})
    assert answer.status_code == 302
    with nord.inside():
        assert not Message.objects.exists()


DESK = ("people/team", "people/person", "people/consent", "contact/contactrequest")


@pytest.mark.parametrize("page", DESK)
def test_coordinators_open_every_page_of_the_desk(nord: District, page: str) -> None:
    nord.client().post("/kontakt/", form())
    client = nord.signed_in("coordinator")
    assert client.get(f"/koordination/{page}/").status_code == 200
    assert client.get(f"/koordination/{page}/add/").status_code == 200
    with nord.inside():
        model = {"team": nord.team(), "person": nord.person("ada")}
        model["consent"] = Consent.objects.first()
        model["contactrequest"] = ContactRequest.objects.first()
        number = model[page.split("/")[1]].pk
    assert client.get(f"/koordination/{page}/{number}/change/").status_code == 200
    assert client.get(f"/koordination/{page}/{number}/history/").status_code == 200


def test_editors_have_people_but_neither_requests_nor_consents(nord: District) -> None:
    client = nord.signed_in("editor")
    page = client.get("/koordination/alles/").content.decode()
    assert "/koordination/people/person/" in page
    for path in ("contact/contactrequest", "people/consent"):
        assert f"/koordination/{path}/" not in page
        assert client.get(f"/koordination/{path}/").status_code == 403
    with nord.inside():
        number = nord.person("ada").pk
    page = client.get(f"/koordination/people/person/{number}/change/").content.decode()
    assert "consents-TOTAL_FORMS" not in page


def test_the_first_page_of_both_administrations_opens(nord: District, console: Client) -> None:
    assert (
        "Menschen und Teams"
        in nord.signed_in("coordinator").get("/koordination/alles/").content.decode()
    )
    assert "Quartiere" in console.get("/plattform/").content.decode()
    assert console.get("/plattform/districts/operator/add/").status_code == 200


def test_editors_neither_see_nor_change_where_requests_go(nord: District) -> None:
    client = nord.signed_in("editor")
    team = nord.team()
    url = f"/koordination/people/team/{team.pk}/change/"
    assert "contact_email" not in client.get(url).content.decode()
    data = {"kind": "support", "abbreviation": "UT", "slug": team.slug, "name": "Neu",
            "position": "1", "is_published": "on", "contact_email": "fremd@beispiel.example"}  # fmt: skip
    for prefix in ("seats", "memberships"):
        data |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    assert client.post(url, data).status_code == 302
    assert (nord.team().name, nord.team().contact_email) == ("Neu", "ut@nord.example")


def test_the_history_is_for_those_who_may_see_the_object(nord: District) -> None:
    nord.client().post("/kontakt/", form())
    with nord.inside():
        number = ContactRequest.objects.get().pk
    url = f"/koordination/contact/contactrequest/{number}/history/"
    assert nord.signed_in("editor").get(url).status_code == 403
    coordinator = nord.signed_in("coordinator")
    assert coordinator.get(url).status_code == 200
    assert coordinator.get(url.replace(str(number), "999999")).status_code == 404


def test_the_same_person_twice_in_one_form_is_a_mistake_and_no_error_page(nord: District) -> None:
    team, person = nord.team("steuerungsteam"), nord.person("cem")
    data = {"kind": "steering", "abbreviation": "ST", "slug": team.slug, "name": team.name,
            "position": "2", "seats-TOTAL_FORMS": "0", "seats-INITIAL_FORMS": "0",
            "memberships-TOTAL_FORMS": "2", "memberships-INITIAL_FORMS": "0"}  # fmt: skip
    for row in ("0", "1"):
        data |= {f"memberships-{row}-person": str(person.pk), f"memberships-{row}-position": row}
    client = nord.signed_in("coordinator")
    response = client.post(f"/koordination/people/team/{team.pk}/change/", data)
    assert response.status_code == 200
    assert "schon Mitglied" in response.content.decode()


def test_a_person_is_put_in_together_with_the_first_membership(nord: District) -> None:
    data = {"name": "Dora Nord", "slug": "dora", "consents-TOTAL_FORMS": "0",
            "consents-INITIAL_FORMS": "0", "memberships-TOTAL_FORMS": "1",
            "memberships-INITIAL_FORMS": "0", "memberships-0-position": "0",
            "memberships-0-team": str(nord.team().pk)}  # fmt: skip
    made = nord.signed_in("coordinator").post("/koordination/people/person/add/", data)
    assert made.status_code == 302
    with nord.inside():
        assert nord.person("dora").memberships.get().team.slug == "unterstuetzungsteam"


def test_a_team_is_put_in_together_with_its_members_each_once(nord: District) -> None:
    data = {"kind": "core", "abbreviation": "NT", "slug": "neu", "name": "Neu", "position": "3",
            "seats-TOTAL_FORMS": "0", "seats-INITIAL_FORMS": "0",
            "memberships-TOTAL_FORMS": "2", "memberships-INITIAL_FORMS": "0"}  # fmt: skip
    rows = {"memberships-0-position": "0", "memberships-1-position": "1"}
    ada, cem = (str(nord.person(slug).pk) for slug in ("ada", "cem"))
    client, url = nord.signed_in("coordinator"), "/koordination/people/team/add/"
    twice = {"memberships-0-person": ada, "memberships-1-person": ada}
    assert "schon Mitglied" in client.post(url, data | rows | twice).content.decode()
    both = {"memberships-0-person": ada, "memberships-1-person": cem}
    assert client.post(url, data | rows | both).status_code == 302
    with nord.inside():
        assert nord.team("neu").memberships.count() == 2


def test_coordinators_erase_a_person_with_everything_recorded(nord: District) -> None:
    with nord.inside():
        number = nord.person("ben").pk
        nord.person("ben").seats.all().delete()
    client = nord.signed_in("coordinator")
    url = f"/koordination/people/person/{number}/delete/"
    assert client.post(url, {"post": "yes"}).status_code == 302
    with nord.inside():
        assert not Person.objects.filter(pk=number).exists()
        assert Entry.objects.filter(action="person.deleted", target_id=str(number)).exists()


@pytest.mark.parametrize("role", ["coordinator", "editor"])
def test_the_pages_of_the_second_factor_open(nord: District, role: str) -> None:
    client = nord.client()
    sign_in(client, f"{role}@nord.example")
    client.post("/anmelden/bestaetigen/", {"password": PASSWORD})
    # Codes to fall back on come with the first second factor.
    pages = {"": 200, "totp/activate/": 200, "webauthn/": 200, "webauthn/add/": 200}
    for path, status in (pages | {"recovery-codes/": 404}).items():
        response = client.get(f"/anmelden/zweiter-faktor/{path}")
        assert response.status_code == status, path
    with nord.inside():
        RecoveryCodes.activate(User.objects.get(email=f"{role}@nord.example"))
    assert client.get("/anmelden/zweiter-faktor/recovery-codes/").status_code == 200


def test_the_sign_in_pages_say_sie(nord: District) -> None:
    import re

    for path in ("", "passwort/vergessen/", "passwort/vergessen/gesendet/", "konto-anlegen/"):
        page = nord.client().get(f"/anmelden/{path}").content.decode()
        assert not re.search(r"\b([Dd]u|[Dd]ein\w*|[Dd]ir|[Dd]ich|[Gg]ib)\b", page), path


def test_after_signing_in_nobody_is_led_to_another_host(nord: District) -> None:
    for target in ("http://localhost/plattform/", "http://sued.localhost/", "//evil.example/"):
        data = {"login": "coordinator@nord.example", "password": PASSWORD, "next": target}
        response = nord.client().post("/anmelden/", data)
        assert response.headers["Location"] == "/anmelden/weiter/"


def test_what_the_desk_writes_is_checked_and_audited(nord: District) -> None:
    client = nord.signed_in("coordinator")
    data = {"name": "Dora Nord", "slug": "dora", "sector": "science"}
    for prefix in ("consents", "memberships"):
        data |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    assert client.post("/koordination/people/person/add/", data).status_code == 302
    with nord.inside():
        person = Person.objects.get(slug="dora")
        entry = Entry.objects.get(action="person.created", target_id=str(person.pk))
        assert entry.actor == "coordinator@nord.example"
    assert "Dora" not in nord.client().get("/menschen/").content.decode()


def test_a_picture_that_is_none_is_refused(nord: District) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    client = nord.signed_in("coordinator")
    data: dict[str, Any] = {"name": "Dora", "slug": "dora", "portrait_alt": "Dora"}
    for prefix in ("consents", "memberships"):
        data |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    for name, content in (("x.svg", svg), ("x.jpg", b"GIF89a..."), ("x.png", b"")):
        data["portrait"] = SimpleUploadedFile(name, content)
        assert client.post("/koordination/people/person/add/", data).status_code == 200
    with nord.inside():
        assert not Person.objects.filter(slug="dora").exists()


def test_a_request_shows_the_state_of_its_mails_and_is_mailed_again(nord: District) -> None:
    nord.client().post("/kontakt/", form())
    Pointer.objects.filter().update(state="dead", last_error="SMTP 550")
    client = nord.signed_in("coordinator")
    with nord.inside():
        number = ContactRequest.objects.get().pk
    page = client.get(f"/koordination/contact/contactrequest/{number}/change/").content.decode()
    assert "nicht zustellbar" in page
    assert "SMTP 550" in page
    action = {"action": "send_again", "_selected_action": [number]}
    client.post("/koordination/contact/contactrequest/", action)
    assert set(Pointer.objects.values_list("state", flat=True)) == {"pending"}


def test_a_call_is_recorded_as_a_request(nord: District) -> None:
    client = nord.signed_in("coordinator")
    data = {
        "name": "Frau Ohne-Mail",
        "phone": "0341 123456",
        "message": "Möchte zurückgerufen werden.",
    }
    assert client.post("/koordination/contact/contactrequest/add/", data).status_code == 302
    with nord.inside():
        kept = ContactRequest.objects.get()
        assert (kept.origin, kept.privacy_acknowledged_at) == ("phone", None)
        assert Message.objects.get().kind == "contact.team"


def test_a_state_chosen_at_the_desk_goes_through_the_service(nord: District) -> None:
    nord.client().post("/kontakt/", form())
    with nord.inside():
        number = ContactRequest.objects.get().pk
    client = nord.signed_in("coordinator")
    press(client, f"/koordination/contact/contactrequest/{number}/change/", "state:taken")
    with nord.inside():
        assert ContactRequest.objects.get().taken_by == "coordinator@nord.example"


def test_two_at_the_desk_do_not_overwrite_each_other(nord: District) -> None:
    nord.client().post("/kontakt/", form())
    with nord.inside():
        number = ContactRequest.objects.get().pk
    client = nord.signed_in("coordinator")
    url = f"/koordination/contact/contactrequest/{number}/change/"
    too_late = at_hand(client, url, "state:spam")
    assert press(client, url, "state:closed").status_code == 302
    late = too_late()
    assert late.status_code == 200
    assert "Jemand war schneller" in late.content.decode()
    assert "Der Stand ist jetzt: erledigt" in late.content.decode()
    with nord.inside():
        assert ContactRequest.objects.get().state == "closed"


def test_the_project_team_changes_a_district_and_its_pages_follow(
    nord: District, console: Client, django_capture_on_commit_callbacks: Any
) -> None:
    assert nord.client().get("/").status_code == 200
    row = nord.row
    page = console.get(f"/plattform/districts/district/{row.pk}/change/")
    assert page.status_code == 200
    data = {"name": "Nord Neu", "city": "Leipzig", "colour": "#123456", "state": "published"}
    data |= {"retention_months": "6"}
    data |= {"domains-TOTAL_FORMS": "0", "domains-INITIAL_FORMS": "0", "phone": "0341 1"}
    with django_capture_on_commit_callbacks(execute=True):
        url = f"/plattform/districts/district/{row.pk}/change/"
        assert console.post(url, data).status_code == 302
    assert Row.objects.get(pk=row.pk).name == "Nord Neu"
    assert "Nord Neu" in nord.client().get("/").content.decode()
    assert Entry.objects.filter(action="district.updated").exists()


def test_the_console_is_for_the_project_team(nord: District, platform: Client) -> None:
    assert platform.get("/plattform/").status_code == 302
    assert nord.signed_in("coordinator").get("/plattform/").status_code == 404


def test_djangos_own_sign_in_does_not_pass_by_the_second_factor(nord: District) -> None:
    response = nord.client().get("/koordination/login/")
    assert response.status_code == 302
    assert "/anmelden/" in response.headers["Location"]


def test_a_call_without_address_and_number_is_an_error_and_keeps_what_was_typed(
    nord: District,
) -> None:
    client = nord.signed_in("coordinator")
    typed = {"name": "Herr Krause", "email": "", "phone": "", "message": "Möchte gießen helfen."}
    response = client.post("/koordination/contact/contactrequest/add/", typed)
    assert response.status_code == 200
    page = response.content.decode()
    assert "E-Mail-Adresse oder eine Telefonnummer" in page
    assert "Herr Krause" in page
    assert "Möchte gießen helfen." in page
    with nord.inside():
        assert not ContactRequest.objects.exists()
    good = client.post("/koordination/contact/contactrequest/add/", typed | {"phone": "0341 12345"})
    assert good.status_code == 302
