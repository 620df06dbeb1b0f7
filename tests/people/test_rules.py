"""Rules of teams, seats, memberships and consents, in forms and in the database."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from directory.people import services
from directory.people.models import Seat, Team
from tests.cast import ACTOR, District
from wiq.audit.models import Entry


def test_an_abbreviation_stands_once_in_a_district(nord: District) -> None:
    with nord.inside(), pytest.raises(ValidationError, match="Abkürzung"):
        services.create_team(actor=ACTOR, slug="neu", kind="core", abbreviation="UT", name="Neu")


def test_both_districts_may_use_the_same_abbreviation(nord: District, sued: District) -> None:
    for district in (nord, sued):
        with district.inside():
            assert Team.objects.filter(abbreviation="UT").count() == 1


@pytest.mark.parametrize(
    ("state", "with_person"), [("named", False), ("taken", True), ("vacant", True)]
)
def test_only_a_named_seat_has_a_person(nord: District, state: str, with_person: bool) -> None:
    with nord.inside():
        fields: dict[str, Any] = {"team": nord.team(), "bench": "politics", "position": 9}
        fields |= {"state": state, "person": nord.person("ada") if with_person else None}
        with pytest.raises(ValidationError):
            services.create_seat(actor=ACTOR, **fields)
        with pytest.raises(IntegrityError), transaction.atomic():
            Seat.objects.create(**fields)


def test_a_membership_does_not_end_before_it_began(nord: District) -> None:
    with nord.inside(), pytest.raises(ValidationError, match="Ende"):
        services.add_member(
            actor=ACTOR, team=nord.team("steuerungsteam"), person=nord.person("ada"),
            since=date(2024, 2, 1), until=date(2024, 1, 1),
        )  # fmt: skip


def test_nobody_is_twice_in_a_team_at_once(nord: District) -> None:
    with nord.inside(), pytest.raises(ValidationError):
        services.add_member(actor=ACTOR, team=nord.team(), person=nord.person("ada"))


@pytest.mark.parametrize(
    "fields",
    [
        {"basis": "declaration"},
        {"basis": "declaration", "given_on": date(2024, 1, 1)},
        {"basis": "declaration", "given_how": "written"},
    ],
)
def test_a_consent_says_when_and_how_it_was_given(nord: District, fields: dict[str, Any]) -> None:
    with nord.inside(), pytest.raises(ValidationError):
        services.record_consent(person=nord.person("cem"), actor=ACTOR, **fields)


def test_every_write_stands_in_the_audit_log(nord: District) -> None:
    with nord.inside():
        person = services.create_person(actor="kim", slug="neu", name="Neu")
        person.name = "Anders"
        services.save(person, actor="kim")
        services.remove(person, actor="kim")
        entries = Entry.objects.filter(actor="kim").order_by("pk")
        assert [entry.action for entry in entries] == [
            "person.created",
            "person.updated",
            "person.deleted",
        ]
