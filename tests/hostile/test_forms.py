"""Whatever is typed into a form: an answer in words, and nothing typed is lost."""

import html
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from directory.contact import links
from directory.contact.models import ContactRequest
from directory.ideas.models import Idea
from directory.solutions import mails
from tests.cast import District, form, idea_form
from wiq.throttling import SubmissionThrottle
from wiq.typed import cleaned

EXAMPLES = settings(
    max_examples=100, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
# A few on every run, the others with the long proofs.
FEW_OR_MANY = pytest.mark.parametrize(
    "examples",
    [
        pytest.param(settings(EXAMPLES, max_examples=30), id="few"),
        pytest.param(settings(EXAMPLES, max_examples=100), id="many", marks=pytest.mark.thorough),
    ],
)
# Every letter that a browser can send: no half surrogates, which UTF-8 can't write.
WORDS = st.text(st.characters(exclude_categories=("Cs",)), max_size=400) | st.sampled_from(
    [
        "' OR 1=1 --", "<script>alert(1)</script>", "{{7*7}}", "{% load x %}", "%s%n", "../../etc",
        "=1+1", "\x00", "\r\nBcc: x@y.example", "‮", "a" * 6000, "\u200b" * 20, "￿", "💚" * 200,
    ]
)  # fmt: skip
Ask = Callable[[District], str]


def typed(fields: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Return a form of which any fields hold anything."""
    return st.fixed_dictionaries({name: st.just(value) | WORDS for name, value in fields.items()})


@pytest.fixture(autouse=True)
def no_throttle(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hundreds of forms in a minute are what this is about."""
    monkeypatch.setattr(SubmissionThrottle, "allow_request", lambda *_: True)


def send_all(
    examples: settings, district: District, path: str, fields: dict[str, Any], keeps: str = ""
) -> None:
    """Send fillings of a form; a refused one shows again what stood in ``keeps``."""
    client = district.client()

    @examples
    @given(sent=typed(fields))
    def send(sent: dict[str, Any]) -> None:
        with transaction.atomic():
            response = client.post(path, sent)
            transaction.set_rollback(True)
        assert response.status_code in (200, 302, 303, 400, 403, 404, 422, 429), sent
        text = response.content.decode()
        assert "<script>alert(1)</script>" not in text
        if keeps and response.status_code == 422:
            shown = html.unescape(text).replace("\r\n", "\n").replace("\r", "\n")
            wanted = cleaned(sent[keeps].replace("\r\n", "\n").replace("\r", "\n"))
            wanted = wanted.replace("\x00", "")
            assert wanted.strip() in shown or "\x00" in sent[keeps], ascii(sent[keeps])

    send()


@FEW_OR_MANY
def test_the_contact_form(nord: District, examples: settings) -> None:
    send_all(examples, nord, "/kontakt/", form(kind="message", solution_team=""), keeps="message")


@FEW_OR_MANY
def test_the_form_for_an_idea(nord: District, examples: settings) -> None:
    send_all(examples, nord, "/idee/", idea_form(), keeps="description")


@FEW_OR_MANY
@pytest.mark.thorough
def test_the_forms_behind_secret_links(nord: District, examples: settings) -> None:
    nord.client().post("/kontakt/", form())
    nord.client().post("/idee/", idea_form())
    with nord.inside():
        request, idea = ContactRequest.objects.get(), Idea.objects.get()
        team = nord.solution_team()
        link = links.link(request, "taken", 0)
        question = mails.confirm_url(team)
    for address in (link, question, f"/idee/{idea.token}/"):
        path = "/" + address.partition("://")[2].partition("/")[2] if "://" in address else address
        send_all(
            examples,
            nord,
            path,
            {"text": "Neues", "message": "Neues", "was": "antwort", "action": "x", "code": "1"},
        )


@FEW_OR_MANY
def test_signing_in_and_forgetting_a_password(nord: District, examples: settings) -> None:
    send_all(
        examples, nord, "/anmelden/", {"login": "a@b.example", "password": "geheim", "next": "/"}
    )
    send_all(examples, nord, "/anmelden/passwort/vergessen/", {"email": "a@b.example"})


@pytest.mark.parametrize("path", ["/loesungsteams/", "/neuigkeiten/", "/kontakt/", "/en/menschen/"])
@FEW_OR_MANY
def test_whatever_stands_behind_the_question_mark(
    nord: District, path: str, examples: settings
) -> None:
    client = nord.client()
    names = ("q", "fokus", "status", "seite", "sortierung", "team", "loesungsteam", "art")

    @examples
    @given(query=st.dictionaries(st.sampled_from(names) | WORDS, WORDS, max_size=6))
    def ask(query: dict[str, str]) -> None:
        response = client.get(path, query)
        assert response.status_code in (200, 400, 404), query
        assert "<script>alert(1)</script>" not in response.content.decode()

    ask()


DESK = {"name": "N", "slug": "n", "kind": "core", "abbreviation": "N", "topics": "1",
        "person": "1", "scope": "profile", "email": "a@b.example", "message": "Hallo, hallo",
        "title": "T", "seats-TOTAL_FORMS": "0", "seats-INITIAL_FORMS": "0", "was": "auskunft",
        "state": "taken", "move": "review", "note": "", "team": "1"}  # fmt: skip
PLATFORM = {"name": "N", "slug": "n", "city": "L", "colour": "#1f6f54", "since": "2020", "phone": "1",
            "state": "draft", "legal_name": "N", "retention_months": "6", "email": "a@b.example",
            "domains-TOTAL_FORMS": "0", "domains-INITIAL_FORMS": "0"}  # fmt: skip


def send_to_any(client: Client, pages: list[str], fields: dict[str, Any]) -> None:
    """Send a hundred fillings to pages behind a sign-in."""

    @EXAMPLES
    @given(page=st.sampled_from(pages), sent=typed(fields))
    def send(page: str, sent: dict[str, Any]) -> None:
        with transaction.atomic():
            response = client.post(page, sent)
            transaction.set_rollback(True)
        assert response.status_code in (200, 302, 400, 403, 422), (page, sent)

    send()


@pytest.mark.thorough
def test_the_desks_forms(nord: District) -> None:
    nord.client().post("/kontakt/", form())
    nord.client().post("/idee/", idea_form())
    with nord.inside():
        request, idea = ContactRequest.objects.get(), Idea.objects.get()
    rooms = ("people/team", "people/person", "people/consent", "solutions/solutionteam",
             "solutions/topic", "contact/contactrequest")  # fmt: skip
    pages = [f"/koordination/{room}/add/" for room in rooms]
    pages += [
        f"/koordination/contact/contactrequest/{request.pk}/change/",
        f"/koordination/ideas/idea/{idea.pk}/change/",
        "/koordination/personendaten/",
        "/koordination/people/person/",
    ]
    send_to_any(nord.signed_in("coordinator"), pages, DESK)


@pytest.mark.thorough
def test_the_consoles_forms(nord: District, console: Client) -> None:
    pages = ["/plattform/districts/district/add/", "/plattform/districts/operator/add/",
             f"/plattform/districts/district/{nord.row.pk}/change/"]  # fmt: skip
    send_to_any(console, pages, PLATFORM)


@pytest.mark.thorough
def test_the_forms_of_ones_own_account(nord: District, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(vars(django_settings._wrapped), "ACCOUNT_RATE_LIMITS", False)
    pages = ["/anmelden/passwort/", "/anmelden/bestaetigen/", "/anmelden/zweiter-faktor/totp/activate/",
             "/anmelden/zweiter-faktor/webauthn/add/"]  # fmt: skip
    fields = {"oldpassword": "x", "password1": "y", "password2": "y", "password": "x", "code": "1",
              "name": "n", "credential": "{}"}  # fmt: skip
    send_to_any(nord.signed_in("editor"), pages, fields)
