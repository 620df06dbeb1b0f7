"""Every night: one task to each district, each in its own schema, one failure holding up nobody."""

from io import StringIO

import pytest
from celery import current_app
from django.core.management import CommandError, call_command
from django.utils.module_loading import autodiscover_modules

from directory.solutions.models import SolutionTeam
from tenants.districts.models import State
from tenants.lifecycle import services, tasks
from tests.cast import District, put
from wiq.celery_app import WrongSchema
from wiq.schedule import BEAT_SCHEDULE


def test_each_district_gets_its_own_task(
    nord: District, sued: District, queued: list[tuple[str, str]]
) -> None:
    put(sued.row, State.ARCHIVED)
    tasks.nightly.apply(headers={"_schema_name": "public"}, throw=True)
    assert sorted(queued) == sorted(
        ("tenants.lifecycle.tasks.tend", district.row.schema_name) for district in (nord, sued)
    )


def test_the_task_works_in_its_district_alone(nord: District, sued: District) -> None:
    headers = {"_schema_name": nord.row.schema_name}
    tasks.tend.apply(headers=headers, throw=True)
    with nord.inside():
        assert SolutionTeam.objects.filter(asked_at__isnull=False).count() == 1
    with sued.inside():
        assert not SolutionTeam.objects.filter(asked_at__isnull=False).exists()
    with pytest.raises(WrongSchema):
        tasks.tend.apply(headers={"_schema_name": "public"}, throw=True)


def test_a_district_that_is_not_public_mails_nobody(nord: District) -> None:
    put(nord.row, State.HIDDEN)
    with nord.inside():
        assert services.tend()["teams_asked"] == 0


def test_one_districts_failure_does_not_hold_up_the_next(
    nord: District, sued: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = services.tend

    def fail_in_the_first() -> dict[str, int]:
        if services.connection.tenant.slug == "nord":
            raise RuntimeError
        return real()

    monkeypatch.setattr(services, "tend", fail_in_the_first)
    out = StringIO()
    with pytest.raises(CommandError, match="nord"):
        call_command("tend_districts", stdout=out, stderr=StringIO())
    assert "sued: " in out.getvalue()


def test_beat_knows_the_task_by_the_name_it_has() -> None:
    names = {entry["task"] for entry in BEAT_SCHEDULE.values()}
    assert tasks.nightly.name in names
    autodiscover_modules("tasks")
    assert names <= set(current_app.tasks)
