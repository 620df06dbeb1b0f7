"""The links in the team's mail, and the page where a resident sees how far it has come."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client

from directory.contact import links, services
from directory.contact.models import ContactRequest, LinkCode
from tests.cast import MESSAGE, District, form
from tests.contact.codes import press
from wiq.audit.models import Entry
from wiq.signing import words


@pytest.fixture
def request_in_nord(nord: District) -> ContactRequest:
    nord.client().post("/kontakt/", form())
    with nord.inside():
        return ContactRequest.objects.get()


def path(district: District, contact_request: ContactRequest, action: str) -> str:
    with district.inside():
        return links.link(contact_request, action, 0).removeprefix("http://nord.localhost:8000")


def state(district: District) -> str:
    with district.inside():
        return ContactRequest.objects.get().state


def test_opening_a_link_changes_nothing(nord: District, request_in_nord: ContactRequest) -> None:
    for action in ("taken", "answered"):
        for method in ("get", "head"):
            response = getattr(nord.client(), method)(path(nord, request_in_nord, action))
            assert response.status_code == 200
    assert state(nord) == "new"


def test_the_page_shows_nobodys_data(nord: District, request_in_nord: ContactRequest) -> None:
    page = nord.client().get(path(nord, request_in_nord, "taken")).content.decode()
    for typed in ("Erika", MESSAGE, "erika@beispiel.example"):
        assert typed not in page


def test_its_code_takes_the_request(nord: District, request_in_nord: ContactRequest) -> None:
    response = press(nord, path(nord, request_in_nord, "taken"))
    assert "übernommen" in response.content.decode()
    with nord.inside():
        kept = ContactRequest.objects.get()
        assert (kept.state, kept.taken_by) == ("taken", "Sabine")
        assert Entry.objects.filter(action="contactrequest.state").count() == 1


def test_pressed_twice_it_does_no_harm(nord: District, request_in_nord: ContactRequest) -> None:
    for _index in range(2):
        press(nord, path(nord, request_in_nord, "answered"))
    with nord.inside():
        assert Entry.objects.filter(action="contactrequest.state").count() == 1


def test_an_old_mail_does_not_undo_an_answer(
    nord: District, request_in_nord: ContactRequest
) -> None:
    press(nord, path(nord, request_in_nord, "answered"))
    press(nord, path(nord, request_in_nord, "taken"))
    assert state(nord) == "answered"


def test_a_link_of_one_district_means_nothing_in_another(
    nord: District, sued: District, request_in_nord: ContactRequest
) -> None:
    sued.client().post("/kontakt/", form())
    assert sued.client().post(path(nord, request_in_nord, "taken")).status_code == 404
    assert state(sued) == "new"


@pytest.mark.parametrize(("seconds", "status"), [(0, 200), (1, 410)])
def test_a_link_holds_for_180_days_and_not_a_second_longer(
    nord: District, seconds: int, status: int
) -> None:
    sent = datetime.fromisoformat("2026-09-01T12:00:00+02:00")
    with time_machine.travel(sent, tick=False):
        nord.client().post("/kontakt/", form())
        with nord.inside():
            good = path(nord, ContactRequest.objects.get(), "taken")
    with time_machine.travel(sent + timedelta(days=180, seconds=seconds), tick=False):
        assert nord.client().get(good).status_code == status
        assert press(nord, good).status_code == status
    assert state(nord) == ("new" if seconds else "taken")


def test_a_word_signed_for_something_else_moves_nothing(
    nord: District, request_in_nord: ContactRequest
) -> None:
    for purpose, value in (
        ("contact.other", [request_in_nord.pk, "taken", 0]),
        (links.LINK.purpose, [request_in_nord.pk, "closed", 0]),
        (links.LINK.purpose, [request_in_nord.pk, "taken"]),
        (links.LINK.purpose, [0, "taken", 0]),
    ):
        with nord.inside():
            word = words.sign(purpose, value)
        assert nord.client().post(f"/kontakt/bearbeiten/{word}/").status_code == 404
    assert state(nord) == "new"


@pytest.mark.parametrize("action", ["taken", "answered"])
@pytest.mark.parametrize("done", ["closed", "spam", "answered"])
def test_an_old_mail_does_not_open_what_is_done(
    nord: District, request_in_nord: ContactRequest, done: str, action: str
) -> None:
    with nord.inside():
        services.set_state(request_in_nord, done, actor="kim")
    page = nord.client().get(path(nord, request_in_nord, action)).content.decode()
    assert "<form" not in page.partition("<main")[2].partition("</main>")[0]
    press(nord, path(nord, request_in_nord, action))
    assert state(nord) == done


def test_what_one_has_taken_another_may_answer(
    nord: District, request_in_nord: ContactRequest
) -> None:
    press(nord, path(nord, request_in_nord, "taken"))
    press(nord, path(nord, request_in_nord, "answered"))
    assert state(nord) == "answered"


def test_the_log_names_the_link_and_not_the_address_behind_it(
    nord: District, request_in_nord: ContactRequest
) -> None:
    press(nord, path(nord, request_in_nord, "taken"))
    with nord.inside():
        entry = Entry.objects.get(action="contactrequest.state")
        assert (entry.actor, entry.details) == ("mail-link", {"from": "new", "to": "taken"})
        assert "ut@nord.example" not in str(list(Entry.objects.filter(pk=entry.pk).values()))


def test_the_page_of_a_link_is_kept_by_nobody(
    nord: District, request_in_nord: ContactRequest
) -> None:
    good = path(nord, request_in_nord, "taken")
    for response in (nord.client().get(good), nord.client().post(good)):
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert response.headers["Referrer-Policy"] == "same-origin"
        assert not response.cookies


@pytest.mark.parametrize("word", ["x", "a:b:c", "a" * 30, "é", "x" * 5000])
def test_a_forged_link_is_not_there(nord: District, word: str) -> None:
    assert nord.client().get(f"/kontakt/bearbeiten/{word}/").status_code == 404
    assert nord.client().post(f"/kontakt/bearbeiten/{word}/").status_code == 404


def test_a_changed_link_is_not_there(nord: District, request_in_nord: ContactRequest) -> None:
    good = path(nord, request_in_nord, "taken")
    assert nord.client().post(good[:-2] + "x/").status_code == 404
    assert state(nord) == "new"


def test_after_half_a_year_a_link_has_ended(
    nord: District, request_in_nord: ContactRequest
) -> None:
    good = path(nord, request_in_nord, "taken")
    with time_machine.travel("2031-01-01"):
        assert nord.client().post(good).status_code == 410
    assert state(nord) == "new"


def test_another_site_cannot_press_the_button(
    nord: District, request_in_nord: ContactRequest
) -> None:
    client = nord.client(**{"sec-fetch-site": "cross-site"})
    for posted in ({"was": "code"}, {"code": "123456"}):
        assert client.post(path(nord, request_in_nord, "taken"), posted).status_code == 403
    with nord.inside():
        assert not LinkCode.objects.exists()


def status_page(client: Client, token: str) -> str:
    response = client.get(f"/kontakt/{token}/")
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert "noindex" in response.headers["X-Robots-Tag"]
    return response.content.decode()


def test_the_status_page_follows_the_request(
    nord: District, request_in_nord: ContactRequest
) -> None:
    page = status_page(nord.client(), request_in_nord.token)
    assert request_in_nord.reference in page
    assert page.count('class="done"') == 1
    press(nord, path(nord, request_in_nord, "taken"))
    assert status_page(nord.client(), request_in_nord.token).count('class="done"') == 2
    press(nord, path(nord, request_in_nord, "answered"))
    page = status_page(nord.client(), request_in_nord.token)
    assert page.count('class="done"') == 3
    for typed in ("Erika", MESSAGE, "erika@beispiel.example"):
        assert typed not in page


def test_a_status_page_of_another_district_is_not_there(
    sued: District, request_in_nord: ContactRequest
) -> None:
    assert sued.client().get(f"/kontakt/{request_in_nord.token}/").status_code == 404


def test_spam_has_no_status_page(nord: District, request_in_nord: ContactRequest) -> None:
    address = f"/kontakt/{request_in_nord.token}/"
    assert nord.client().get(address).status_code == 200
    with nord.inside():
        services.set_state(request_in_nord, "spam", actor="kim")
    assert nord.client().get(address).status_code == 404


def test_a_guessed_status_page_is_not_there(nord: District) -> None:
    for token in ("AAAA", "x" * 32, "ü", "x" * 5000):
        assert nord.client().get(f"/kontakt/{token}/").status_code == 404
