"""What a removed district leaves: nobody's address, nobody's text, and whatever is not its own."""

import os
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from django.conf import settings

from tenants.districts import services as districts
from tenants.districts.models import Operator, PlatformOperator
from tenants.kit.models import Taken
from tenants.provisioning import names, removal
from tenants.provisioning.models import Order
from tests.cast import ACTOR, District

PERSON = {"representative": "Kim Nord", "email": "kim@nord.example"}


def operator(*of: District) -> Operator:
    made = districts.save_operator(Operator(legal_name="Verein", **PERSON), actor=ACTOR)
    for district in of:
        districts.update(district.row, actor=ACTOR, operator=made)
    return made


def test_no_order_keeps_the_address_of_a_removed_districts_coordination(
    nord: District, sued: District
) -> None:
    for district in (nord, sued):
        Order.objects.create(
            slug=district.slug, name="Viertel", city="Leipzig", state="done",
            coordinator=f"kim@{district.slug}.example", district_id=district.row.pk,
        )  # fmt: skip
    removal.remove(nord.row)
    assert {order.slug: order.coordinator for order in Order.objects.all()} == {
        "nord": "", "sued": "kim@sued.example",
    }  # fmt: skip


def test_what_a_removed_district_took_from_the_kit_is_forgotten(
    nord: District, sued: District
) -> None:
    for district in (nord, sued):
        Taken.objects.create(district_id=district.row.pk, key="wort", version=1, digest="x")
    removal.remove(nord.row)
    assert [row.district_id for row in Taken.objects.all()] == [sued.row.pk]


def test_a_traeger_goes_with_its_last_district_and_not_before(
    nord: District, sued: District
) -> None:
    operator(nord, sued)
    removal.remove(nord.row)
    assert sued.row.operator.representative == "Kim Nord"
    removal.remove(sued.row)
    assert not Operator.objects.exists()


def test_who_runs_the_platform_stays_on_its_legal_pages(nord: District) -> None:
    gone = operator(nord)
    gone.runs_platform = True
    districts.save_operator(gone, actor=ACTOR)
    runs = PlatformOperator(legal_name="Verein", **PERSON)
    districts.save_platform_operator(runs, actor=ACTOR)
    removal.remove(nord.row)
    assert not Operator.objects.exists()
    assert PlatformOperator.objects.get().representative == "Kim Nord"


def test_a_record_counts_what_was_and_a_name_that_is_not_kept_is_free_that_day(
    nord: District,
) -> None:
    with time_machine.travel(datetime(2026, 3, 1, 23, 30, tzinfo=UTC), tick=False):
        record = removal.remove(nord.row, reserve_name=False)
        names.check_slug("nord")
    assert f"{record.reserved_until}" == "2026-03-02"
    assert record.counts == {"people": 3, "teams": 3, "solution_teams": 3}


@pytest.mark.parametrize(("age", "goes"), [(86_400, False), (86_401, True)])
def test_a_folder_of_nobody_is_left_alone_for_a_day(nord: District, age: int, goes: bool) -> None:
    folder = Path(settings.MEDIA_ROOT) / "d_00000000000000ee"
    folder.mkdir(exist_ok=True)
    with time_machine.travel(1_800_000_000, tick=False):
        os.utime(folder, (0, time.time() - age))
        assert (folder.name in removal.clear_leftovers()) is goes
    assert folder.exists() is not goes
    if not goes:
        folder.rmdir()
