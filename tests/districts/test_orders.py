"""Ordering a district: each step once, on after any failure, or nothing left."""

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from directory.pages.models import Text
from directory.people.models import Seat, Team
from tenants.districts.models import District as Row
from tenants.provisioning import orders, tasks
from tenants.provisioning.models import Order, OrderState, Removal, StepName, StepState
from tests.cast import ACTOR, District
from wiq.accounts.models import Invitation
from wiq.mail.models import Message

WISH = {"slug": "westviertel", "name": "Westviertel", "city": "Leipzig"}


def left_of(names: set[str]) -> set[str]:
    """Return which of these names a schema of this database or a role of the server still has."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nspname FROM pg_namespace WHERE nspname = ANY(%s)"
            " UNION SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)",
            [list(names), list(names)],
        )
        return {name for (name,) in cursor.fetchall()}


def states(order: Order) -> list[str]:
    return [step.state for step in order.steps.all()]


def test_an_order_becomes_a_draft_with_kit_and_invitation(nord: District) -> None:
    order = orders.place(**WISH, coordinator="kim@west.example", actor=ACTOR)
    assert (order.state, set(states(order))) == (OrderState.QUEUED, {StepState.WAITING})
    tasks.run_waiting.apply(headers={"_schema_name": "public"}, throw=True)
    order.refresh_from_db()
    assert (order.state, set(states(order))) == (OrderState.DONE, {StepState.DONE})
    assert order.coordinator == ""
    west = District("westviertel")
    assert west.row.state == "draft"
    with west.inside():
        assert set(Team.objects.values_list("kind", flat=True)) == {"support", "steering"}
        assert not Team.objects.filter(is_published=True).exists()
        assert Seat.objects.count() == 8
        assert Text.objects.glossary().count() >= 10
        assert Invitation.objects.get().email == "kim@west.example"
        assert "einladung" in Message.objects.get().text
    assert west.client().get("/anmelden/").status_code == 200


def test_what_was_made_is_counted_once_nobody_waits_for_a_district(
    nord: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders.place(**WISH, actor=ACTOR)
    orders.place(slug="ostbogen", name="Ostbogen", city="Leipzig", actor=ACTOR)
    open_when_counted: list[int] = []
    monkeypatch.setattr(
        orders.making,
        "queue_count",
        lambda schema_name: open_when_counted.append(Order.objects.open().count()),
    )
    assert orders.run_waiting() == 2
    assert open_when_counted == [0, 0]


def test_working_again_on_what_is_done_changes_nothing(nord: District) -> None:
    order = orders.run(orders.place(**WISH, coordinator="kim@west.example", actor=ACTOR))
    for _again in range(2):
        orders.run(order)
    with District("westviertel").inside():
        assert Invitation.objects.count() == Message.objects.count() == 1


@pytest.mark.parametrize("name", StepName.values)
def test_a_step_that_fails_once_is_done_at_the_next_try(
    nord: District, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    real, tries = orders.WORK[name], []

    def fail_once(order: Order) -> None:
        real(order)  # whatever it wrote is taken back
        tries.append(order)
        if len(tries) == 1:
            raise DatabaseError

    monkeypatch.setitem(orders.WORK, name, fail_once)
    order = orders.run(orders.place(**WISH, coordinator="kim@west.example", actor=ACTOR))
    assert order.state == OrderState.RUNNING
    assert order not in Order.objects.due()
    Order.objects.update(next_at="2020-01-01T00:00:00Z")
    orders.run_waiting()
    order.refresh_from_db()
    assert order.state == OrderState.DONE
    with District("westviertel").inside():
        assert Invitation.objects.count() == 1
        assert Team.objects.count() == 2


@pytest.mark.parametrize("name", StepName.values)
def test_a_step_that_never_works_leaves_nothing(
    nord: District,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    django_capture_on_commit_callbacks: Any,
) -> None:
    def fail(order: Order) -> None:
        raise DatabaseError

    monkeypatch.setitem(orders.WORK, name, fail)
    order = orders.place(**WISH, coordinator="kim@west.example", actor=ACTOR)
    with CaptureQueriesContext(connection) as queries:
        for _try in range(4):
            assert orders.run(order).state == OrderState.RUNNING
        with django_capture_on_commit_callbacks(execute=True):
            assert orders.run(order).state == OrderState.FAILED
    order.refresh_from_db()
    assert (order.state, order.coordinator) == (OrderState.FAILED, "")
    assert not Row.objects.filter(slug="westviertel").exists()
    named = {word for query in queries for word in re.findall(r"d_[0-9a-f]{16}", query["sql"])}
    made = named - set(Row.objects.values_list("schema_name", flat=True))
    assert len(made) == (0 if name == StepName.DISTRICT else 1)
    assert left_of(made) == set()
    told = Message.objects.get(kind="order.failed")
    assert told.to == "team@plattform.example"
    # The name is free again.
    assert orders.place(**WISH, actor=ACTOR).state == OrderState.QUEUED


def test_a_step_that_kills_its_worker_is_not_tried_for_ever(nord: District) -> None:
    order = orders.place(**WISH, actor=ACTOR)
    order.steps.filter(name=StepName.DISTRICT).update(
        attempts=orders.ATTEMPTS, state=StepState.RUNNING
    )
    assert orders.run(order).state == OrderState.FAILED


def test_of_two_orders_for_one_name_one_wins_and_the_other_is_told(nord: District) -> None:
    orders.place(**WISH, actor=ACTOR)
    with pytest.raises(ValidationError, match="gerade eingerichtet"):
        orders.place(**WISH, actor=ACTOR)
    orders.run_waiting()
    with pytest.raises(ValidationError, match="gibt es schon"):
        orders.place(**WISH, actor=ACTOR)
    assert Row.objects.filter(slug="westviertel").count() == 1


def test_two_at_the_same_moment_meet_in_the_database(
    nord: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders.place(**WISH, actor=ACTOR)
    # Both looked before either was written.
    monkeypatch.setattr(orders.names, "check_wish", lambda slug: None)
    monkeypatch.setattr(Order, "full_clean", lambda self: None)
    with pytest.raises(ValidationError, match="gerade eingerichtet"):
        orders.place(**WISH, actor=ACTOR)


@pytest.mark.thorough
def test_somebody_quicker_on_the_command_line_wins(nord: District) -> None:
    from tenants.provisioning.services import create_district

    order = orders.place(**WISH, actor=ACTOR)
    made = create_district(**WISH, actor="command")
    assert orders.run(order).state == OrderState.FAILED
    assert Row.objects.get(slug="westviertel") == made


@pytest.mark.parametrize(
    ("slug", "words"),
    [
        ("xn--kln-sna", "Umlaute"),
        ("Nord", "Kleinbuchstaben"),
        ("nord", "gibt es schon"),
        ("n0rd", "verwechseln"),
        ("nord-", "Kleinbuchstaben"),
        ("a", "Kleinbuchstaben"),
        ("x" * 41, "Kleinbuchstaben"),
        ("ab--cd", "doppelten Bindestrich"),
        ("no-rd", "verwechseln"),
        ("www", "Plattform"),
        ("platt-form", "verwechseln"),
        ("leipzigg", "zu verwechseln|gibt"),
    ],
)
def test_a_wish_that_is_taken_or_misleading_is_refused_with_the_reason(
    nord: District, slug: str, words: str
) -> None:
    if slug == "leipzigg":
        orders.place(slug="leipzigk", name="K", city="L", actor=ACTOR)
    with pytest.raises(ValidationError, match=words):
        orders.place(slug=slug, name="Neu", city="Leipzig", actor=ACTOR)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("leipziger-westen", "leipzigerwesten", True),
        ("leipziger-westen", "leipziger-westem", True),
        ("leipziger-westen", "leipizger-westen", True),
        ("leipziger-westen", "leipziger-osten", False),
        ("gruenau-1", "gruenau-2", False),
        ("modern-ost", "modem-ost", True),
        # From eight letters on, one letter is easily overlooked.
        ("westberg", "westburg", True),
        ("westber", "westbur", False),
        ("kern", "kem", True),
        ("vvest", "west", True),
        ("ost1", "ostl", True),
        ("osti", "ostl", True),
        ("5ued", "sued", True),
        ("nord", "sued", False),
    ],
)
def test_names_that_are_taken_for_each_other(one: str, other: str, alike: bool) -> None:
    assert orders.names.looks_like(one, other) is alike


@pytest.mark.parametrize("slug", ["ab", "x" * 40, "a-b", "a--b", "7" * 2])
def test_from_two_to_forty_letters_make_an_address(nord: District, slug: str) -> None:
    assert orders.place(slug=slug, name="Neu", city="Leipzig", actor=ACTOR).slug == slug


@pytest.mark.parametrize(
    ("moment", "rests"),
    [
        # In summer, the day begins here two hours earlier than in Greenwich.
        (datetime(2026, 6, 29, 21, 59, 59, tzinfo=UTC), True),
        (datetime(2026, 6, 29, 22, 0, 0, tzinfo=UTC), False),
    ],
)
def test_a_removed_districts_name_rests_until_its_day_begins(
    nord: District, moment: datetime, rests: bool
) -> None:
    Removal.objects.create(slug="altviertel", city="Leipzig", was_made_on="2024-01-01",
                           reserved_until=date(2026, 6, 30))  # fmt: skip
    with time_machine.travel(moment, tick=False):
        if rests:
            with pytest.raises(ValidationError, match="ruht"):
                orders.place(slug="altviertel", name="Neu", city="Leipzig", actor=ACTOR)
        else:
            assert orders.place(slug="altviertel", name="Neu", city="Leipzig", actor=ACTOR)
