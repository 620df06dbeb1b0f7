"""Orders as they go: how long a failed step waits, who is told, what is recorded, who holds what."""

from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, OperationalError, connection

from tenants.provisioning import coordinators, mails, orders
from tenants.provisioning.models import Order, OrderState, StepName
from tests.audited import said
from tests.cast import ACTOR, District, project_team
from tests.locks import row_locks
from wiq.accounts import invitations
from wiq.accounts import services as accounts
from wiq.accounts.models import Invitation
from wiq.accounts.roles import Role
from wiq.mail.models import Message

WISH = {"slug": "westviertel", "name": "Westviertel", "city": "Leipzig"}


def clock() -> datetime:
    """Return what the database's clock says, by which orders wait."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
        return now


def test_a_failed_step_waits_twice_as_long_each_time(
    nord: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(order: Order) -> None:
        raise DatabaseError

    monkeypatch.setitem(orders.WORK, StepName.DISTRICT, fail)
    order = orders.place(**WISH, actor=ACTOR)
    for seconds in (5, 10, 20, 40):
        before = clock()
        orders.run(order)
        wait = timedelta(seconds=seconds)
        assert before + wait <= order.next_at <= clock() + wait
        assert order not in Order.objects.due()
    assert order.steps.get(name=StepName.DISTRICT).error == "Unerwarteter Fehler: DatabaseError"


def test_an_order_waits_as_long_as_a_server_is_away(
    nord: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(order: Order) -> None:
        raise OperationalError("could not extend file: No space left on device")

    make = orders.WORK[StepName.DISTRICT]
    monkeypatch.setitem(orders.WORK, StepName.DISTRICT, away)
    order = orders.place(**WISH, actor=ACTOR)
    for _ in range(orders.ATTEMPTS + 2):
        assert orders.run(order).state == OrderState.RUNNING
    assert order.steps.get(name=StepName.DISTRICT).error == "Unerwarteter Fehler: OperationalError"
    monkeypatch.setitem(orders.WORK, StepName.DISTRICT, make)
    assert orders.run(order).state == OrderState.DONE


def test_an_order_is_recorded_from_its_placing_to_its_end(nord: District) -> None:
    boss = project_team()
    before = len(said("order.", "district.created"))
    orders.run(orders.place(**WISH, coordinator="kim@west.example", actor=boss))
    assert said("order.", "district.created")[before:] == [
        ("order.placed", boss.email),
        ("district.created", "system"),
        ("order.done", "system"),
    ]
    with District("westviertel").inside():
        assert said("invitation.") == [("invitation.sent", "system")]


def test_an_order_given_up_is_held_recorded_and_told(nord: District) -> None:
    order = orders.place(**WISH, coordinator="kim@west.example", actor=ACTOR)
    with row_locks() as locked:
        orders.give_up(order, "Woran es lag")
    assert "provisioning_order" in locked
    assert said("order.given_up") == [("order.given_up", "system")]
    order.refresh_from_db()
    assert (order.coordinator, order.error) == ("", "Woran es lag")
    assert "Woran es lag" in Message.objects.get(kind="order.failed").text


def test_only_who_still_belongs_to_the_project_team_is_told(nord: District) -> None:
    team = [project_team()]
    for name in ("zwei", "drei"):
        email = f"{name}@plattform.example"
        team.append(accounts.create_account(email=email, role=Role.PROJECT_TEAM))
    accounts.change_account(team[2], actor=ACTOR, name="", role=Role.PROJECT_TEAM, is_active=False)
    assert mails.project_team() == ["team@plattform.example", "zwei@plattform.example"]


def test_the_project_team_sees_who_coordinates_and_who_is_asked_to(nord: District) -> None:
    boss = project_team()
    coordinators.invite(nord.row, "neu@nord.example", actor=boss)
    coordinators.invite(nord.row, "alt@nord.example", actor=boss)
    coordinators.invite(nord.row, "weg@nord.example", actor=boss)
    with nord.inside():
        invitations.invite(email="red@nord.example", role=Role.EDITOR, actor=ACTOR)
        Invitation.objects.filter(email="alt@nord.example").update(expires_at="2020-01-01T00:00Z")
        invitations.revoke(Invitation.objects.get(email="weg@nord.example"), actor=ACTOR)
    seen = {
        (row.email, row.is_invited, row.is_over)
        for row in coordinators.overview(nord.row, reader=boss)
    }
    assert seen == {
        ("coordinator@nord.example", False, False),
        ("neu@nord.example", True, False),
        ("alt@nord.example", True, True),
    }
    assert said("district.invited") == [("district.invited", boss.email)] * 3
    with nord.inside():
        assert said("invitation.sent")[:3] == [("invitation.sent", boss.email)] * 3
