"""Buttons of a page: each does one thing, tells what it did, and nothing typed gets lost."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from directory.contact import services as contact
from directory.contact.models import ContactRequest
from directory.people.consents import Consent
from directory.people.models import Person
from tenants.applications import services as applications
from tenants.applications.models import Application
from tests.applications.test_application import applied, submitted
from tests.audited import said
from tests.cast import ACTOR, District, form
from tests.editing.pressing import at_hand, buttons_of, group_of, press
from tests.following.test_times_and_limits import ask
from wiq.accounts import invitations
from wiq.accounts.models import Invitation
from wiq.accounts.roles import Role
from wiq.mail.models import Message

INBOX = "/koordination/contact/contactrequest/"
ME = "coordinator@nord.example"


@pytest.fixture
def request_page(nord: District) -> str:
    nord.client().post("/kontakt/", form())
    with nord.inside():
        return f"{INBOX}{ContactRequest.objects.get().pk}/change/"


def state(district: District) -> str:
    with district.inside():
        return str(ContactRequest.objects.get().state)


@pytest.mark.parametrize("to", ["taken", "answered", "closed", "spam"])
def test_a_request_is_moved_where_it_is_read_and_the_page_says_how_far_it_is(
    nord: District, request_page: str, to: str
) -> None:
    client = nord.signed_in("coordinator")
    # Where no answer stands yet, "Beantwortet" asks how there was one.
    done = press(client, request_page, f"state:{to}", how="phone" if to == "answered" else "")
    assert (done.status_code, done["Location"]) == (302, request_page)
    assert state(nord) == to
    page = client.get(request_page).content.decode()
    assert "Die Anfrage ist jetzt im Stand" in page
    assert f"state:{to}" not in buttons_of(page)
    with nord.inside():
        assert said("contactrequest.state") == [("contactrequest.state", ME)]


def test_mails_are_sent_again_where_the_request_is_read(nord: District, request_page: str) -> None:
    client = nord.signed_in("coordinator")
    assert press(client, request_page, "mails:send_again").status_code == 302
    assert "unterwegs" in client.get(request_page).content.decode()
    with nord.inside():
        assert said("contactrequest.mailed_again") == [("contactrequest.mailed_again", ME)]
    press(client, request_page, "state:spam")
    assert "mails:send_again" not in buttons_of(client.get(request_page).content.decode())


def test_a_request_that_is_no_spam_goes_its_usual_way(nord: District) -> None:
    nord.client().post("/kontakt/", form(website="http://spam.example"))
    with nord.inside():
        url = f"{INBOX}{ContactRequest.objects.get().pk}/change/"
        assert not Message.objects.exists()
    client = nord.signed_in("coordinator")
    assert buttons_of(client.get(url).content.decode()) == ["state:new"]
    press(client, url, "state:new")
    assert state(nord) == "new"
    with nord.inside():
        assert Message.objects.filter(kind="contact.team").exists()


def test_a_page_without_a_field_to_edit_offers_nothing_to_save(
    nord: District, request_page: str
) -> None:
    page = nord.signed_in("coordinator").get(request_page).content.decode()
    assert 'name="_save"' not in page
    person = f"/koordination/people/person/{nord.person('ada').pk}/change/"
    assert 'name="_save"' in nord.signed_in("coordinator").get(person).content.decode()


def test_who_may_not_change_a_row_presses_nothing(nord: District, request_page: str) -> None:
    sent = at_hand(nord.signed_in("coordinator"), request_page, "state:taken")
    editor = nord.signed_in("editor")
    assert editor.post(request_page, {"_act": "state:taken"}).status_code == 403
    assert state(nord) == "new"
    assert sent().status_code == 302


def test_no_other_site_presses_a_button(nord: District, request_page: str) -> None:
    client = nord.signed_in("coordinator")
    client.handler.enforce_csrf_checks = True
    assert client.post(request_page, {"_act": "state:taken"}).status_code == 403
    assert press(client, request_page, "state:taken").status_code == 302


@pytest.mark.parametrize("act", ["state:nonsense", "state:", "nonsense:taken", "", "state:new"])
def test_a_button_that_is_not_there_does_nothing(
    nord: District, request_page: str, act: str
) -> None:
    answer = nord.signed_in("coordinator").post(request_page, {"_act": act}, follow=True)
    assert "Das geht jetzt nicht mehr." in answer.content.decode()
    assert state(nord) == "new"
    gone = nord.signed_in("coordinator").post(f"{INBOX}987654/change/", {"_act": act})
    assert gone.status_code == 302


def test_a_late_button_overrules_nobody_and_its_text_stays(console: Client) -> None:
    application = submitted(Client(headers={"host": "localhost"}))
    url = f"/plattform/applications/application/{application.pk}/change/"
    late = at_hand(console, url, "decide:ask_back", note="Wer ist der Träger?")
    applications.decline(application, actor=ACTOR, note="Noch zu früh.")
    page = late().content.decode()
    assert "Jemand war schneller" in page
    assert "Der Stand ist jetzt: abgelehnt" in page
    assert "Wer ist der Träger?" in group_of(page, "decide")
    assert buttons_of(page) == []
    assert Application.objects.get().state == "declined"


def test_what_a_service_refuses_leaves_nothing_half_done(
    nord: District, request_page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    move = contact.set_state

    def refuse_late(found: Any, to: Any, *, actor: Any) -> None:
        move(found, to, actor=actor)
        raise ValidationError("Heute nicht.")

    monkeypatch.setattr(contact, "set_state", refuse_late)
    refused = press(nord.signed_in("coordinator"), request_page, "state:taken")
    assert (refused.status_code, state(nord)) == (200, "new")
    assert "Heute nicht." in group_of(refused.content.decode(), "state")
    with nord.inside():
        assert said("contactrequest.state") == []


def test_spam_is_told_apart_where_an_application_is_read(platform: Client, console: Client) -> None:
    application = applied(platform)
    url = f"/plattform/applications/application/{application.pk}/change/"
    press(console, url, "decide:spam")
    assert Application.objects.get().state == "spam"
    assert buttons_of(console.get(url).content.decode()) == ["decide:no_spam"]
    press(console, url, "decide:no_spam")
    assert Application.objects.get().state == "unconfirmed"


def test_a_withdrawn_consent_is_noted_where_it_is_read(nord: District) -> None:
    with nord.inside():
        number = Consent.objects.get(person__slug="ada").pk
        assert Person.objects.shown().filter(slug="ada").exists()
    url = f"/koordination/people/consent/{number}/change/"
    client = nord.signed_in("coordinator")
    assert press(client, url, "withdraw:withdraw").status_code == 302
    assert buttons_of(client.get(url).content.decode()) == []
    with nord.inside():
        assert not Person.objects.shown().filter(slug="ada").exists()


def test_whom_the_honeypot_caught_is_let_out_where_it_is_read(nord: District) -> None:
    ask(nord, website="http://spam.example")
    ask(nord, email="zweite@beispiel.example")
    client, url = nord.signed_in("coordinator"), "/koordination/following/subscription/"
    with nord.inside():
        numbers = list(_subscriptions().values_list("pk", flat=True))
    pages = [client.get(f"{url}{number}/change/").content.decode() for number in numbers]
    assert [buttons_of(page) for page in pages] == [["spam:no_spam"], []]
    press(client, f"{url}{numbers[0]}/change/", "spam:no_spam")
    with nord.inside():
        assert not _subscriptions().filter(is_suspicious=True).exists()


def _subscriptions() -> Any:
    from directory.following.models import Subscription

    return Subscription.objects.order_by("pk")


@pytest.mark.parametrize("site", ["koordination", "plattform"])
def test_an_invitation_is_renewed_and_taken_back_where_it_is_read(
    nord: District, console: Client, site: str
) -> None:
    if site == "plattform":
        made = invitations.invite(email="neu@x.example", role=Role.PROJECT_TEAM, actor=ACTOR)
        _renew_and_take_back(console, f"/plattform/accounts/invitation/{made.pk}/change/")
        assert Invitation.objects.get().revoked_at is not None
        return
    with nord.inside():
        made = invitations.invite(email="neu@x.example", role=Role.EDITOR, actor=ACTOR)
    url = f"/koordination/accounts/invitation/{made.pk}/change/"
    _renew_and_take_back(nord.signed_in("coordinator"), url)
    with nord.inside():
        assert Invitation.objects.get().revoked_at is not None


def _renew_and_take_back(client: Client, url: str) -> None:
    press(client, url, "link:resend")
    assert "Ein neuer Link ist an neu@x.example unterwegs" in client.get(url).content.decode()
    press(client, url, "link:revoke")
    assert buttons_of(client.get(url).content.decode()) == []
