"""Whatever goes wrong where a district leaves: it writes here, or may answer there, never both."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from directory.people.models import Team
from tenants.districts import lookup
from tenants.districts.models import District as Row
from tenants.districts.models import MovedHost, Moving
from tenants.moving import fence, leaving, mending, packing, stages
from tenants.moving.models import Move, Stage
from tenants.moving.tasks import mend
from tenants.provisioning import removal
from tests.cast import ACTOR, District
from tests.moving.others import Other, other_side, worked_at
from wiq.media.storage import FilesAway


@pytest.fixture
def other(uncounted: None) -> Iterator[Other]:
    with other_side() as one:
        yield one


def begun(district: District, other: Other, stage: Stage) -> Move:
    """Return a move of a district that got so far, and whose process is gone."""
    move = leaving._row(district.row, other.url, "das Wort", ACTOR)
    stages.note(move, target=other.target)
    if stage == Stage.OFFERED:
        return move
    fence.hold(district.row)
    stages.advance(move, Stage.HELD, actor=ACTOR)
    if stage == Stage.DECIDING:
        stages.advance(move, Stage.DECIDING, actor=ACTOR)
    return move


def can_be_written(district: District) -> bool:
    lookup.forget_all()
    with district.inside():
        try:
            with transaction.atomic():
                Team.objects.update(position=7)
                transaction.set_rollback(True)
        except DatabaseError:
            return False
    return district.row.moving == Moving.NO


def stage() -> str:
    return str(Move.objects.get().stage)


def go(district: District, other: Other, token: str = "das Wort") -> Move:
    return leaving.move(district.row, other=other.url, token=token, actor=ACTOR)


@pytest.mark.parametrize("so_far", [Stage.OFFERED, Stage.HELD, Stage.DECIDING])
def test_while_its_process_is_at_work_nobody_calls_a_move_off(
    nord: District, other: Other, so_far: Stage
) -> None:
    begun(nord, other, so_far)
    with worked_at(nord), pytest.raises(ValidationError, match="schon gearbeitet"):
        mending.call_off(nord.row, actor=ACTOR)
    assert stage() == so_far
    assert can_be_written(nord) is (so_far == Stage.OFFERED)
    assert other.asked == []


@pytest.mark.parametrize("so_far", [Stage.OFFERED, Stage.HELD])
def test_called_off_before_the_word_a_district_is_as_it_was(
    nord: District, sued: District, other: Other, so_far: Stage
) -> None:
    begun(nord, other, so_far)
    mending.call_off(nord.row, actor=ACTOR)
    assert (stage(), other.asked, other.words) == ("called_off", ["DELETE "], ["das Wort"])
    assert can_be_written(nord)
    assert can_be_written(sued)
    with pytest.raises(ValidationError, match="zieht gerade nicht um"):
        mending.call_off(nord.row, actor=ACTOR)


def test_called_off_in_the_balance_the_other_side_has_the_last_word(
    nord: District, other: Other, capsys: Any
) -> None:
    begun(nord, other, Stage.DECIDING)
    other.answers["DELETE "] = (502, "")
    with pytest.raises(CommandError, match="Nobody knows yet"):
        call_command("move_district", "nord", "--to", other.url, "--call-off")
    assert (stage(), can_be_written(nord)) == ("deciding", False)
    # What it says decides: it forgets, and then all goes on here.
    del other.answers["DELETE "]
    call_command("move_district", "nord", "--to", other.url, "--call-off")
    assert (stage(), can_be_written(nord)) == ("called_off", True)
    assert "stays here" in capsys.readouterr().out


def test_called_off_too_late_it_leaves(nord: District, other: Other, capsys: Any) -> None:
    begun(nord, other, Stage.DECIDING)
    other.stage, other.answers["DELETE "] = "serving", (400, {})
    call_command("move_district", "nord", "--to", other.url, "--call-off")
    assert "answers at https://nord.b.example" in capsys.readouterr().out
    assert stage() == "left"
    assert not Row.objects.filter(slug="nord").exists()


def test_a_row_that_knows_too_little_lets_nobody_write(nord: District, other: Other) -> None:
    outdated = begun(nord, other, Stage.HELD)
    stages.advance(Move.objects.get(), Stage.DECIDING, actor=ACTOR)
    with pytest.raises(stages.Overtaken):
        leaving.Leaving(outdated, nord.row, ACTOR, lambda step: None).let_go()
    assert not can_be_written(nord)


def away(*words: Any, **more: Any) -> None:
    raise FilesAway("the bucket")


def full(*words: Any, **more: Any) -> None:
    raise OSError("No space left on device")


def stopped(*words: Any, **more: Any) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("fails", [away, full, stopped])
def test_whatever_fails_while_nothing_can_be_written_lets_go_at_once(
    nord: District, other: Other, monkeypatch: pytest.MonkeyPatch, fails: Any
) -> None:
    monkeypatch.setattr(leaving, "pack", fails)
    with pytest.raises((FilesAway, OSError, KeyboardInterrupt)):
        go(nord, other)
    assert (stage(), can_be_written(nord)) == ("offered", True)
    monkeypatch.setattr(leaving, "pack", packing.pack)
    assert go(nord, other).stage == Stage.LEFT


def test_the_files_that_are_there_are_asked_for_before_anybody_waits(
    nord: District, other: Other, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = fence.hold

    def hold(district: Row) -> None:
        other.asked.append("the fence")
        real(district)

    monkeypatch.setattr(fence, "hold", hold)
    go(nord, other)
    assert other.asked[-5:] == ["GET ", "the fence", "PUT rows/", "GET ", "POST serving/"]


def test_a_domain_of_one_that_left_before_keeps_no_other_here(nord: District, other: Other) -> None:
    MovedHost.objects.create(host=nord.host, target="https://alt.c.example", key_name="alt")
    assert go(nord, other).stage == Stage.LEFT
    assert lookup.moved_to(nord.host) == "https://nord.b.example"


@pytest.mark.parametrize("target", [
    "javascript:alert(1)", "http://b.example", "https://b.example\r\nX: y", "https://a:b@b.example", "",
    "https://" + "b" * 400,
])  # fmt: skip
def test_nobody_is_led_to_what_is_no_address(nord: District, other: Other, target: str) -> None:
    other.target = target
    with pytest.raises(CommandError, match="as before"):
        call_command("move_district", "nord", "--to", other.url)
    assert can_be_written(nord)


@pytest.mark.parametrize("said", [
    [], {}, {"stage": "fertig", "target": "https://b.example", "files": {}},
    {"stage": "serving", "target": "https://b.example", "files": []},
])  # fmt: skip
def test_what_is_no_answer_decides_nothing(nord: District, other: Other, said: Any) -> None:
    begun(nord, other, Stage.DECIDING)
    other.answers["GET "] = (200, said)
    mend.run()
    assert (stage(), can_be_written(nord)) == ("deciding", False)
    assert Move.objects.get().words != ""


def test_one_that_cannot_be_mended_keeps_no_other_from_it(
    nord: District, sued: District, other: Other, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(nord, other, Stage.HELD)
    begun(sued, other, Stage.HELD)
    real = fence.let_go

    def let_go(district: Row) -> None:
        if district.slug == "sued":
            raise DatabaseError("the disk is full")
        real(district)

    monkeypatch.setattr(fence, "let_go", let_go)
    mend.run()
    assert can_be_written(nord)
    row = Move.objects.get(slug="sued")
    assert (row.stage, row.words) == ("held", "DatabaseError: the disk is full")


def test_one_that_was_removed_on_its_way_is_given_up(nord: District, other: Other) -> None:
    begun(nord, other, Stage.OFFERED)
    removal.remove(nord.row)
    mend.run()
    assert stage() == "called_off"


def test_an_address_and_a_word_that_were_wrong_are_typed_anew(nord: District, other: Other) -> None:
    with pytest.raises(CommandError, match="as before"):
        call_command("move_district", "nord", "--to", "http://127.0.0.1:1")
    other.answers["PUT "] = (401, {})
    with pytest.raises(CommandError, match="as before"):
        call_command("move_district", "nord", "--to", other.url)
    assert list(Move.objects.values_list("stage", flat=True).order_by("pk")) == [
        "called_off", "offered",
    ]  # fmt: skip
    former = Move.objects.latest("pk").uuid
    del other.answers["PUT "]
    assert go(nord, other, "ein anderes").stage == Stage.LEFT
    assert other.words[-1] == "ein anderes"
    assert Move.objects.latest("pk").uuid != former


def test_a_place_that_has_answered_is_changed_by_calling_off_alone(
    nord: District, other: Other
) -> None:
    begun(nord, other, Stage.OFFERED)
    with pytest.raises(ValidationError, match="schon auf dem Weg"):
        leaving.move(nord.row, other="https://c.wiq.example", token="x", actor=ACTOR)


def test_in_the_balance_no_other_word_takes_the_place_of_the_right_one(
    nord: District, other: Other
) -> None:
    begun(nord, other, Stage.DECIDING)
    other.stage = "arrived"
    assert go(nord, other, "ein falsches").stage == Stage.LEFT
    assert set(other.words) == {"das Wort"}
