"""What a service refuses after the form let it pass: all taken back, and shown as it was typed."""

from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from directory.events import acts
from directory.events.models import Event
from directory.ideas import services as ideas
from directory.ideas.models import Idea
from directory.people import services as people
from directory.people.models import Membership, Person, Team
from tests.cast import District, idea_form
from tests.editing.opened import fields_of, opened
from tests.editing.pressing import press
from tests.events.test_dates import put
from wiq.editing.refusals import told_in

NEW = {"kind": "core", "abbreviation": "NT", "slug": "neu", "name": "Neues Team", "position": "3",
       "seats-TOTAL_FORMS": "0", "seats-INITIAL_FORMS": "0",
       "memberships-TOTAL_FORMS": "1", "memberships-INITIAL_FORMS": "0",
       "memberships-0-position": "0", "memberships-0-role": "Getippt"}  # fmt: skip


class Refusing:
    """A service that refuses members until somebody lets it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, refused: ValidationError) -> None:
        self.refused: ValidationError | None = refused
        self.saved: list[Any] = []
        self.save = people.save
        monkeypatch.setattr(people, "save", self)

    def __call__(self, instance: Any, *, actor: Any) -> Any:
        self.saved.append(type(instance))
        self.save(instance, actor=actor)
        if isinstance(instance, Membership) and self.refused is not None:
            raise self.refused
        return instance


def test_a_refused_row_takes_its_parent_back_and_keeps_what_was_typed(
    nord: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = Refusing(monkeypatch, ValidationError("Heute nicht."))
    client, url = nord.signed_in("coordinator"), "/koordination/people/team/add/"
    sent = NEW | {"memberships-0-person": str(nord.person("ada").pk)}
    refused = client.post(url, sent)
    assert refused.status_code == 200
    assert "Heute nicht." in refused.content.decode()
    assert service.saved == [Team, Membership]  # once each
    with nord.inside():
        assert not Team.objects.filter(slug="neu").exists()
    shown = fields_of(refused.content.decode())
    assert (shown["name"], shown["memberships-0-role"]) == ("Neues Team", "Getippt")
    service.refused = None
    assert client.post(url, shown).status_code == 302
    with nord.inside():
        assert nord.team("neu").memberships.get().role == "Getippt"


def test_a_refused_page_carries_a_token_that_is_good(
    nord: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = Refusing(monkeypatch, ValidationError("Heute nicht."))
    client, url = nord.signed_in("coordinator"), "/koordination/people/team/add/"
    client.handler.enforce_csrf_checks = True
    first = opened(client, url)["csrfmiddlewaretoken"]
    sent = NEW | {"memberships-0-person": str(nord.person("ada").pk)}
    assert client.post(url, sent).status_code == 403
    shown = fields_of(client.post(url, sent | {"csrfmiddlewaretoken": first}).content.decode())
    assert shown["csrfmiddlewaretoken"] != first
    service.refused = None
    assert client.post(url, shown).status_code == 302


def test_what_is_wrong_with_one_field_stands_beside_it(
    nord: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(instance: Any, *, actor: Any) -> None:
        raise ValidationError({"name": "So nicht.", "created_at": "Auch das nicht."})

    monkeypatch.setattr(people, "save", refuse)
    number = nord.person("cem").pk
    client, url = nord.signed_in("coordinator"), f"/koordination/people/person/{number}/change/"
    form = client.post(url, opened(client, url) | {"name": "Cem Neu"}).context["adminform"].form
    assert form.errors == {"name": ["So nicht."], "__all__": ["Auch das nicht."]}
    with nord.inside():
        assert Person.objects.get(pk=number).name == "Cem Nordviertel"


def test_the_answer_to_an_idea_is_not_lost_where_the_move_is_refused(
    nord: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(idea: Idea, **rest: Any) -> None:
        raise ValidationError("Das geht gerade nicht.")

    nord.client().post("/idee/", idea_form())
    with nord.inside():
        number = Idea.objects.get().pk
    client, url = nord.signed_in("coordinator"), f"/koordination/ideas/idea/{number}/change/"
    monkeypatch.setitem(ideas.MOVE, "review", refuse)
    refused = press(client, url, "move:review", note="Eine lange Antwort.")
    assert refused.status_code == 200
    assert "Das geht gerade nicht." in refused.content.decode()
    assert fields_of(refused.content.decode())["move-note"] == "Eine lange Antwort."


def test_what_somebody_deletes_at_the_same_moment_is_said_and_nothing_breaks(
    nord: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = put(nord)
    url = f"/koordination/events/event/{event.pk}/change/"
    of_event = acts.of_event

    def of_one_that_goes(row: Event) -> Any:
        found = of_event(row)
        Event.objects.filter(pk=row.pk).delete()
        return found

    monkeypatch.setattr(acts, "of_event", of_one_that_goes)
    sent = {"_act": "all:cancel", "all-word": "Glatteis."}
    shown = nord.signed_in("coordinator").post(url, sent, follow=True)
    assert shown.status_code == 200
    assert "gibt es nicht" in shown.content.decode() or "existiert nicht" in shown.content.decode()


def test_what_the_database_alone_sees_twice_is_said_in_words(nord: District) -> None:
    form = forms.Form({})
    assert form.is_valid()
    with nord.inside():
        before = Team.objects.count()
        # As after a check that another transaction passed at the same moment.
        with told_in(form):
            Team.objects.create(slug="unterstuetzungsteam", kind="core", name="Noch einmal")
        assert Team.objects.count() == before
        with pytest.raises(IntegrityError), told_in(forms.Form({})):
            Team.objects.create(slug="neu", kind="core", name=None)  # type: ignore[misc]
    assert "eben schon gespeichert worden" in str(form.errors)
