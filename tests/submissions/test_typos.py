"""An address that looks like a slip: a question before anything is sent, and never a refusal."""

import re
from typing import Any

import pytest

from directory.contact.models import ContactRequest
from tests.cast import District, body, form, idea_form
from wiq.mail.models import Message
from wiq.submissions.typos import BIG, meant


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("gmial.com", "gmail.com"), ("gmail.con", ""), ("gmail.co", "gmail.com"),
        ("gmaill.com", "gmail.com"), ("gamil.com", "gmail.com"), ("GMIAL.COM", "gmail.com"),
        ("gnail.com", "gmail.com"), ("gmx.dee", "gmx.de"), ("gxm.de", "gmx.de"), ("wbe.de", "web.de"),
        ("t-onlin.de", "t-online.de"), ("tonline.de", "t-online.de"), ("hotmial.com", "hotmail.com"),
        # Others than the one that they look like.
        ("wdb.de", ""), ("gmx.li", ""), ("beispiel.example", ""), ("straße.example", ""),
    ],
)  # fmt: skip
def test_one_slip_of_the_keyboard_is_asked_about(typed: str, right: str) -> None:
    assert meant(f"erika+wiq@{typed}") == (f"erika+wiq@{right}" if right else "")


@pytest.mark.parametrize("domain", BIG)
def test_a_big_provider_is_never_asked_about(domain: str) -> None:
    assert meant(f"erika@{domain}") == ""


def pressed(page: str, words: str) -> dict[str, Any]:
    """Return what a button of the question sends, beside the form."""
    button = re.findall(rf'name="(\w+)" value="([^"]+)">{words}', page)[0]
    asked = re.findall(r'name="asked_about" value="([^"]+)"', page)[0]
    return {button[0]: button[1], "asked_about": asked}


@pytest.mark.parametrize(
    ("words", "kept"), [("Ja, ", "erika@gmail.com"), ("Nein, ", "erika@gmial.com")]
)
def test_the_form_asks_once_and_sends_what_was_chosen(
    nord: District, words: str, kept: str
) -> None:
    typed = form(email="erika@gmial.com")
    answer = nord.client().post("/kontakt/", typed)
    page = answer.content.decode()
    assert "Meinten Sie erika@gmail.com?" in page
    # Enter presses the first button of a form: it changes nothing.
    assert "name=" not in re.findall(r"<button[^>]*>", page.partition('class="big"')[2])[0]
    # What was typed is still there, and nothing was sent.
    assert typed["message"] in page
    with nord.inside():
        assert not Message.objects.exists()
    assert nord.client().post("/kontakt/", typed | pressed(page, words)).status_code == 303
    with nord.inside():
        assert ContactRequest.objects.get().email == kept


def test_sending_the_same_again_sends_it(nord: District) -> None:
    for path, typed in (("/idee/", idea_form), ("/kontakt/", form)):
        sent = typed(email="erika@gmial.com")
        assert nord.client().post(path, sent).status_code == 422
        again = sent | {"asked_about": "erika@gmial.com"}
        assert nord.client().post(path, again).status_code == 303


def test_a_program_is_not_asked(nord: District) -> None:
    answer = nord.client().post(
        "/api/v1/contact-requests/", body(email="erika@gmial.com"), content_type="application/json"
    )
    assert answer.status_code == 201
