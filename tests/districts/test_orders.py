"""Ordering a district: each step once, on after any failure, or nothing left."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection

from directory.pages.models import Text
from directory.people.models import Seat, Team
from tenants.districts.models import District as Row
from tenants.provisioning import orders, tasks
from tenants.provisioning.models import Order, OrderState, Removal, StepName, StepState
from tests.cast import ACTOR, District
from wiq.accounts.models import Invitation
from wiq.mail.models import Message

WISH = {"slug": "westviertel", "name": "Westviertel", "city": "Leipzig"}


def schemas_without_a_district() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_namespace WHERE nspname ~ '^d_[0-9a-f]{16}$' AND nspname"
            " NOT IN (SELECT schema_name FROM districts_district)"
        )
        schemas: int = cursor.fetchone()[0]
        cursor.execute(
            "SELECT count(*) FROM pg_roles WHERE rolname ~ '^d_[0-9a-f]{16}$' AND rolname"
            " NOT IN (SELECT schema_name FROM districts_district)"
        )
        # Roles belong to the server: the other worker's districts have theirs there too.
        return schemas


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
    nord: District, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def fail(order: Order) -> None:
        raise DatabaseError

    monkeypatch.setitem(orders.WORK, name, fail)
    order = orders.place(**WISH, coordinator="kim@west.example", actor=ACTOR)
    for _attempt in range(orders.ATTEMPTS):
        orders.run(order)
    order.refresh_from_db()
    assert (order.state, order.coordinator) == (OrderState.FAILED, "")
    assert not Row.objects.filter(slug="westviertel").exists()
    assert schemas_without_a_district() == 0
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
        ("nord", "sued", False),
    ],
)
def test_names_that_are_taken_for_each_other(one: str, other: str, alike: bool) -> None:
    assert orders.names.looks_like(one, other) is alike


def test_a_removed_districts_name_rests(nord: District, settings: Any) -> None:
    from django.utils import timezone

    Removal.objects.create(slug="altviertel", city="Leipzig", was_made_on="2024-01-01",
                           reserved_until=timezone.localdate() + timezone.timedelta(days=1))  # fmt: skip
    with pytest.raises(ValidationError, match="ruht"):
        orders.place(slug="altviertel", name="Neu", city="Leipzig", actor=ACTOR)
