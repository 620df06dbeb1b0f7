"""A district that is just moving is left alone by whoever works at it from outside."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone

from tenants.districts import moves
from tenants.districts.models import District as Row
from tenants.districts.models import Moving, State
from tenants.lifecycle import ending
from tenants.moving import leaving, rows
from tenants.provisioning.models import Beside, Order
from tests.cast import ACTOR, District, put

ON_ITS_WAY = (Moving.HELD, Moving.ARRIVING)
ACTS: dict[str, Callable[[Row], Any]] = {
    "suspended": lambda row: moves.move(row, State.SUSPENDED, actor=ACTOR),
    "restored": lambda row: moves.restore(row, actor=ACTOR),
    "published": lambda row: moves.publish_on_the_operators_word(row, actor=ACTOR),
    "removed later": lambda row: ending.announce_removal(row, typed_host=row.host, actor=ACTOR),
    "removed": lambda row: ending.remove_now(row, typed_host=row.host, actor=ACTOR),
}


def on_its_way(district: District, moving: str) -> Row:
    Row.objects.filter(slug=district.slug).update(moving=moving)
    return district.row


@pytest.mark.parametrize("moving", ON_ITS_WAY)
@pytest.mark.parametrize("act", ACTS)
def test_the_project_team_waits_until_it_is_there(
    nord: District, sued: District, moving: str, act: str
) -> None:
    row = on_its_way(nord, moving)
    with pytest.raises(ValidationError, match="zieht gerade um"):
        ACTS[act](row)
    assert (nord.row.state, nord.row.delete_after) == ("published", None)
    moves.move(sued.row, State.SUSPENDED, actor=ACTOR)
    assert sued.row.state == State.SUSPENDED


@pytest.mark.parametrize("moving", (*ON_ITS_WAY, Moving.RESTING))
def test_the_night_removes_none_that_is_on_its_way(
    nord: District, sued: District, moving: str
) -> None:
    for district in (nord, sued):
        put(district.row, State.ARCHIVED)
        past = timezone.now() - timedelta(days=1)
        Row.objects.filter(slug=district.slug).update(delete_after=past)
    on_its_way(nord, moving)
    assert ending.remove_due() == 1
    assert set(Row.objects.values_list("slug", flat=True)) == {"nord"}


@pytest.mark.parametrize("moving", ON_ITS_WAY)
def test_a_command_says_that_it_is_moving(nord: District, moving: str) -> None:
    on_its_way(nord, moving)
    with pytest.raises(CommandError, match="zieht gerade um"):
        call_command("create_account", "neu@nord.example", "--district", "nord", "--role", "editor")


def test_one_that_is_still_made_or_restored_does_not_leave(nord: District) -> None:
    order = Order.objects.create(slug="nord", name="Nord", city="Nord", district_id=nord.row.pk)
    with pytest.raises(ValidationError, match="gerade eingerichtet"):
        leaving.check(nord.row)
    order.delete()
    soon = timezone.now() + timedelta(days=1)
    beside = Beside.objects.create(
        schema_name="d_" + "0" * 16, district_id=nord.row.pk, origin="x", until=soon
    )
    with pytest.raises(ValidationError, match="läuft schon eine Wiederherstellung"):
        leaving.check(nord.row)
    Beside.objects.filter(pk=beside.pk).update(stage=Beside.Stage.KEPT)
    leaving.check(nord.row)


def test_each_table_with_a_districts_number_says_whether_it_goes_along() -> None:
    labels = {model._meta.label for model in rows.numbered()}
    assert {"accountability.Version", "outbox.Pointer", "kit.Taken"} <= labels
