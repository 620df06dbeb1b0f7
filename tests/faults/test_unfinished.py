"""Processes killed between the two transactions of a district: its beginning, or its end."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from signal import SIGKILL
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from tenants.districts.models import District as Row
from tenants.provisioning import making, removal
from tenants.provisioning.models import Removal, Unfinished
from tenants.transfer.models import Import
from tenants.transfer.services import SEEDS
from tests import logins
from tests.districts.test_orders import left_of
from tests.stack.running import ROOT

pytestmark = pytest.mark.thorough
SLUG = "zwischendrin"
BEGIN = f"""
import os, signal
import django
django.setup()
from django.core.management import call_command
from tenants.districts.models import District
from tenants.lifecycle import ending
from tenants.provisioning import functions
from tenants.transfer import services
def end(*args):
    os.kill(os.getpid(), signal.SIGKILL)
def bring_in():
    call_command("import_district", {str(SEEDS / "leipziger-osten")!r}, slug={SLUG!r})
def take_away():
    ending.remove_now(
        District.objects.get(slug={SLUG!r}), typed_host={SLUG!r} + ".localhost", actor="test"
    )
"""


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Work on this worker's database without a transaction around: others shall see it."""
    with django_db_blocker.unblock():
        connection.set_schema_to_public()  # type: ignore[attr-defined]
        yield
        for row in Row.objects.filter(slug=SLUG):
            removal.remove(row, reserve_name=False)
        Removal.objects.all().delete()
        Import.objects.all().delete()


def run(script: str, state: Path) -> int:
    """Run Python in a process of its own, on the database of this test."""
    known = settings.DATABASES["default"]
    place = str(known["HOST"]).replace("/", "%2F")
    changed = {
        "DATABASE_URL": f"postgres://{logins.APP}@{place}/{known['NAME']}",
        "DJANGO_SETTINGS_MODULE": "wiq.settings",
        "WIQ_STATE": str(state),
    }
    command = [sys.executable, "-c", BEGIN + script]
    return subprocess.run(command, cwd=ROOT, env=os.environ | changed).returncode


def schema() -> str:
    """Return the one schema that is half made or half gone."""
    return Unfinished.objects.get().schema_name


def test_an_import_killed_in_between_is_taken_back_and_goes_well_the_next_time(
    committed: None, tmp_path: Path
) -> None:
    assert run("services.fill = end; bring_in()", tmp_path) == -SIGKILL
    killed = schema()
    assert left_of({killed}) == {killed}
    call_command("import_district", str(SEEDS / "leipziger-osten"), slug=SLUG)
    whole = Row.objects.get(slug=SLUG)
    assert left_of({killed, whole.schema_name}) == {whole.schema_name}
    assert whole.solution_teams > 0
    assert Import.objects.get().district_id == whole.pk
    assert not Unfinished.objects.exists()


def test_a_removal_killed_after_its_commit_ends_at_night(committed: None, tmp_path: Path) -> None:
    assert run("bring_in(); functions.drop_schema = end; take_away()", tmp_path) == -SIGKILL
    killed = schema()
    assert not Row.objects.filter(slug=SLUG).exists()
    assert left_of({killed}) == {killed}
    assert making.take_back_unfinished() == 1
    assert left_of({killed}) == set()
