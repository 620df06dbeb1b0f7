"""How a district moves: only along its life, held, recorded in both logs, told to the right people."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from tenants.districts import moves
from tenants.districts.models import District as Row
from tenants.districts.models import State
from tenants.lifecycle import ending, tasks
from tenants.provisioning.models import Removal
from tests.audited import details, said
from tests.cast import ACTOR, District, project_team
from tests.locks import row_locks
from wiq.accounts import services as accounts
from wiq.accounts.models import User
from wiq.accounts.roles import Role
from wiq.mail.models import Message

# Half an hour after midnight here; within the month that follows, the clocks change.
MOMENT = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
MONTH = timedelta(days=30)


def announce(district: District) -> Row:
    return ending.announce_removal(district.row, typed_host=district.host, actor="somebody")


def told(district: District) -> list[str]:
    """Return who has a mail about the removal."""
    with district.inside():
        mails = Message.objects.filter(kind="district.removal")
        return sorted(mails.values_list("to", flat=True))


def test_an_announced_removal_is_due_after_thirty_days_to_the_second(
    nord: District, sued: District
) -> None:
    with time_machine.travel(MOMENT, tick=False):
        assert announce(nord).delete_after == MOMENT + MONTH
    with nord.inside():
        # 30 days later it is half past one, in summer.
        assert "Am 1.\xa0April 2026 wird" in Message.objects.get(kind="district.removal").text
    for seconds, count in ((-1, 0), (0, 1)):
        with time_machine.travel(MOMENT + MONTH + timedelta(seconds=seconds), tick=False):
            assert ending.remove_due() == count
    assert [row.slug for row in Row.objects.all()] == ["sued"]


def test_announcing_a_removal_twice_neither_puts_it_off_nor_tells_it_again(nord: District) -> None:
    with time_machine.travel(MOMENT, tick=False):
        announce(nord)
    with time_machine.travel(MOMENT + timedelta(days=3), tick=False):
        assert announce(nord).delete_after == MOMENT + MONTH
    assert told(nord) == ["coordinator@nord.example"]


def test_a_removal_is_told_to_everybody_who_coordinates_and_to_nobody_else(nord: District) -> None:
    with nord.inside():
        for name, changes in (
            ("zwei", {}), ("aus", {"is_active": False}),
            ("besuch", {"expires_at": timezone.now() + timedelta(hours=1)}),
        ):  # fmt: skip
            user = accounts.create_account(email=f"{name}@nord.example", role=Role.COORDINATOR)
            User.objects.filter(pk=user.pk).update(**changes)
    announce(nord)
    assert told(nord) == ["coordinator@nord.example", "zwei@nord.example"]


def test_the_way_out_is_recorded_step_by_step_with_who_went_it(nord: District) -> None:
    number = nord.row.pk
    before = len(said("district."))
    announce(nord)
    ending.call_off_removal(nord.row, actor="somebody")
    announce(nord)
    ending.remove_now(nord.row, typed_host=nord.host, actor="somebody")
    assert said("district.")[before:] == [
        (f"district.{step}", "somebody")
        for step in ("state", "removal_announced", "removal_called_off",
                     "removal_announced", "removed")
    ]  # fmt: skip
    assert details("district.removed") == [{"district": number}]


def test_what_is_removed_by_the_clock_is_recorded_as_such(nord: District) -> None:
    announce(nord)
    Row.objects.filter(slug="nord").update(delete_after=timezone.now())
    with row_locks() as locked:
        assert ending.remove_due() == 1
    assert "districts_district" in locked
    assert said("district.removed") == [("district.removed", "system")]


def test_a_move_is_recorded_in_both_logs_and_a_districts_own_names_no_account(
    nord: District,
) -> None:
    boss = project_team()
    moves.move(nord.row, State.SUSPENDED, actor=boss, reason=f" {'x' * 501} ")
    assert said("district.state")[-1] == ("district.state", boss.email)
    with nord.inside():
        assert said("district.state") == [("district.state", "system")]
        assert details("district.state") == [{"to": "suspended", "reason": "x" * 500}]
    moves.move(nord.row, State.SUSPENDED, actor=boss)
    with nord.inside():
        assert len(said("district.state")) == 1


@pytest.mark.parametrize("step", ["move", "announce", "call off", "remove"])
def test_whoever_moves_a_district_holds_its_row(nord: District, step: str) -> None:
    if step == "call off":
        announce(nord)
    with row_locks() as locked:
        if step == "move":
            moves.move(nord.row, State.HIDDEN, actor=ACTOR)
        elif step == "announce":
            announce(nord)
        elif step == "call off":
            ending.call_off_removal(nord.row, actor=ACTOR)
        else:
            ending.remove_now(nord.row, typed_host=nord.host, actor=ACTOR)
    assert "districts_district" in locked


def test_in_the_morning_only_public_districts_write_to_followers_and_remind(
    nord: District, sued: District, queued: list[tuple[str, str]]
) -> None:
    moves.move(nord.row, State.HIDDEN, actor=ACTOR)
    tasks.morning.apply(headers={"_schema_name": "public"}, throw=True)
    assert queued == [
        (task, sued.row.schema_name)
        for task in ("directory.following.tasks.tell", "tenants.lifecycle.tasks.wake")
    ]


def test_a_removed_name_rests_for_ninety_days_of_the_calendar_here(nord: District) -> None:
    with time_machine.travel(MOMENT, tick=False):
        ending.remove_now(nord.row, typed_host=nord.host, actor=ACTOR)
    assert f"{Removal.objects.get().reserved_until}" == "2026-05-31"
