"""Pressed twice, reloaded, sent again after Back: one request and one pair of mails."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client

from directory.contact.models import ContactRequest
from directory.following.models import Subscription
from directory.ideas import services as ideas
from directory.ideas.models import Idea
from directory.solutions import mails as solutions
from tenants.applications import services as applications
from tenants.applications.models import Application
from tenants.districts.models import District as Row
from tenants.provisioning import removal
from tenants.provisioning.models import Removal
from tenants.provisioning.services import create_district
from tests.applications.test_application import typed as application
from tests.at_once import Started
from tests.cast import ACTOR, District, form, idea_form, put
from tests.conversations.reading import reader
from tests.editing.opened import fields_of
from wiq.mail.models import Message
from wiq.outbox.models import Mailbox

MOMENT = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
HOME, ON_THE_WAY = "192.0.2.1", "198.51.100.7"
FORMS: dict[str, tuple[type[Any], Callable[..., dict[str, Any]]]] = {
    "/kontakt/": (ContactRequest, form),
    "/en/kontakt/": (ContactRequest, form),
    "/kontakt/einfach/": (ContactRequest, form),
    "/kontakt/?loesungsteam=baeume": (ContactRequest, form),
    "/kontakt/?anliegen=barriere": (ContactRequest, form),
    "/idee/": (Idea, idea_form),
}
SUBSCRIBING = {"email": "erika@beispiel.example", "privacy_acknowledged": "on"}


def filled(client: Client, path: str, typed: dict[str, Any]) -> dict[str, Any]:
    """Open a form and fill it in, as a browser does, its hidden fields included."""
    fields = fields_of(client.get(path).content.decode())
    assert fields["once"]
    return fields | {
        name: value for name, value in typed.items() if name in fields or name[0] != "t"
    }


@pytest.mark.parametrize("path", FORMS)
def test_the_same_showing_of_a_form_is_kept_once_from_wherever_and_whenever(
    nord: District, path: str
) -> None:
    model, typed = FORMS[path]
    client = nord.client()
    sent = filled(client, path, typed())
    places = []
    for later, address in ((0, HOME), (1, ON_THE_WAY), (60 * 30, HOME), (60 * 24 * 9, ON_THE_WAY)):
        with time_machine.travel(MOMENT + timedelta(minutes=later), tick=False):
            places.append(
                client.post(path.partition("?")[0], sent, REMOTE_ADDR=address)["Location"]
            )
    assert len(set(places)) == 1
    assert not client.cookies
    with nord.inside():
        assert model._default_manager.count() == 1
        assert Message.objects.count() == 2


@pytest.mark.parametrize("path", FORMS)
def test_other_words_after_back_another_place_and_another_day_are_something_else(
    nord: District, path: str
) -> None:
    model, typed = FORMS[path]
    client, target = nord.client(), path.partition("?")[0]
    with time_machine.travel(MOMENT, tick=False):
        first, again = (filled(client, path, typed()) for _showing in range(2))
        assert first["once"] == again["once"]
        client.post(target, first)
        client.post(target, first | {"name": "Erik Beispiel"})
    with time_machine.travel(MOMENT + timedelta(days=1), tick=False):
        tomorrow = filled(client, path, typed())
        assert tomorrow["once"] != first["once"]
        client.post(target, tomorrow)
    with nord.inside():
        assert model._default_manager.count() == 3


def test_a_form_that_is_shown_again_is_the_same_showing(nord: District) -> None:
    client = nord.client()
    sent = filled(client, "/kontakt/", form(name=""))
    again = fields_of(client.post("/kontakt/", sent).content.decode())
    assert again["once"] == sent["once"]
    question = client.post("/kontakt/", again | form(email="erika@gmial.com"))
    assert fields_of(question.content.decode())["once"] == sent["once"]


def test_an_application_is_kept_once_as_well(platform: Client) -> None:
    sent = fields_of(platform.get("/quartier-anmelden/").content.decode()) | application()
    for address in (HOME, ON_THE_WAY):
        assert platform.post("/quartier-anmelden/", sent, REMOTE_ADDR=address).status_code == 303
    assert Application.objects.count() == 1
    assert Message.objects.about(Application.objects.get()).count() == 1


def test_a_subscription_is_asked_for_once(nord: District) -> None:
    client = nord.client()
    sent = filled(client, "/abonnieren/", SUBSCRIBING)
    for address in (HOME, ON_THE_WAY, HOME):
        client.post("/abonnieren/", sent, REMOTE_ADDR=address)
    with nord.inside():
        assert Subscription.objects.count() == Message.objects.count() == 1


def test_an_answer_on_a_status_page_is_kept_once_and_asked_again_it_is_another(
    nord: District,
) -> None:
    client = nord.client()
    client.post("/idee/", idea_form())
    with nord.inside():
        idea = ideas.begin_review(Idea.objects.get(), actor=ACTOR)
        ideas.ask_back(idea, actor=ACTOR, note="Wo genau?")
        before = Message.objects.count()
    client = reader(nord, f"/idee/{idea.token}/")
    for _press in range(3):
        answer = client.post(f"/idee/{idea.token}/", {"was": "antworten", "antwort": "Am Kanal."})
        assert answer.status_code == 303
    with nord.inside():
        assert idea.steps.filter(kind="reply").count() == 1
        assert Message.objects.exclude(kind="conversations.code").count() == before + 1
        ideas.ask_back(Idea.objects.get(), actor=ACTOR, note="Wirklich?")
    client.post(f"/idee/{idea.token}/", {"was": "antworten", "antwort": "Am Kanal."})
    with nord.inside():
        assert idea.steps.filter(kind="reply").count() == 2


def test_an_idea_withdrawn_twice_says_so_twice_and_tells_the_team_once(nord: District) -> None:
    client = nord.client()
    client.post("/idee/", idea_form())
    with nord.inside():
        idea = Idea.objects.get()
        before = Message.objects.count()
    for _press in range(2):
        page = client.post(f"/idee/{idea.token}/", {"was": "zurueckziehen"}, follow=True)
        assert page.status_code == 200
    with nord.inside():
        assert Message.objects.count() == before + 1


def test_the_answer_of_an_applicant_is_kept_once(platform: Client) -> None:
    platform.post("/quartier-anmelden/", application())
    made = Application.objects.get()
    applications.confirm(made)
    applications.ask_back(made, actor=ACTOR, note="Wer macht mit?")
    for _press in range(2):
        platform.post(f"/quartier-anmelden/{made.token}/", {"antwort": "Wir alle."})
    assert made.steps.filter(kind="reply").count() == 1


def test_a_change_reported_by_a_link_is_kept_once(nord: District) -> None:
    with nord.inside():
        url = solutions.confirm_url(nord.solution_team())
    path = "/" + url.partition("://")[2].partition("/")[2]
    for text in ("Wir haben eine neue Adresse.",) * 3 + ("Und einen neuen Namen.",):
        nord.client().post(path, {"antwort": "aendern", "aenderung": text})
    with nord.inside():
        assert ContactRequest.objects.count() == 2
        assert Message.objects.filter(kind="contact.team").count() == 2


def test_a_forgotten_password_is_mailed_once_however_often_it_is_pressed(
    nord: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    # While the queue is away the page writes the mail itself, as the worker would.
    monkeypatch.setattr("wiq.queueing.VALKEY.is_silent", lambda: True)
    for _press in range(3):
        nord.client().post("/anmelden/passwort/vergessen/", {"email": "editor@nord.example"})
    with nord.inside():
        assert Message.objects.filter(to="editor@nord.example").count() == 1


def test_a_program_cannot_send_the_field_of_the_pages(nord: District) -> None:
    from api.forms import serializer_of
    from directory.contact.forms import ContactForm

    assert not {"once", "website"} & set(serializer_of(ContactForm)().fields)


SLUG = "zweimal"


@pytest.fixture
def kept(django_db_setup: None, django_db_blocker: Any) -> Iterator[District]:
    """A district that is really there: each press has a connection of its own."""
    with django_db_blocker.unblock():
        connection.set_schema_to_public()  # type: ignore[attr-defined]
        create_district(slug=SLUG, name="Zweimal", city="Leipzig", actor=ACTOR)
        made = District(SLUG)
        put(made.row, "published")
        yield made
        connection.set_schema_to_public()  # type: ignore[attr-defined]
        removal.remove(Row.objects.get(slug=SLUG), reserve_name=False)
        Removal.objects.all().delete()
        # What was counted stays counted when a district goes: here, for the tests that follow.
        Mailbox.objects.all().delete()


@pytest.mark.parametrize(
    ("path", "model", "typed"),
    [("/kontakt/", ContactRequest, form(team="")), ("/idee/", Idea, idea_form())],
)
def test_five_presses_at_the_same_moment_are_one_request(
    kept: District, path: str, model: type[Any], typed: dict[str, Any]
) -> None:
    sent = fields_of(kept.client().get(path).content.decode()) | typed
    presses = [
        Started(lambda address=f"192.0.2.{n}": kept.client().post(path, sent, REMOTE_ADDR=address))
        for n in range(5)
    ]
    assert len({press.result()["Location"] for press in presses}) == 1
    with kept.inside():
        assert model._default_manager.count() == 1
        assert Message.objects.filter(to="erika@beispiel.example").count() == 1


def test_the_same_words_a_day_later_mean_that_somebody_still_waits(nord: District) -> None:
    client = nord.client()
    client.post("/idee/", idea_form())
    with nord.inside():
        idea = Idea.objects.get()
    for later in (0, 23, 25):
        with time_machine.travel(datetime.now(UTC) + timedelta(hours=later)), nord.inside():
            ideas.reply(idea, "Gibt es etwas Neues?")
    with nord.inside():
        assert idea.steps.filter(kind="reply").count() == 2
        with pytest.raises(ValidationError):
            ideas.reply(idea, "")
