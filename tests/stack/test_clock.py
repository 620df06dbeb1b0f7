"""Turning the clocks of a run (``run.py test --clock``)."""

import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from wiq.embedded import clock

DAY = timedelta(days=1)
ASK = (
    "import time; from datetime import datetime, UTC; print(datetime.now(UTC).isoformat(),"
    " int(time.time())); begin = time.monotonic(); time.sleep(0.05);"
    " assert 0.04 < time.monotonic() - begin < 5"
)


@pytest.mark.skipif(not clock.can_be_set(), reason="needs Linux and a C compiler")
@pytest.mark.skipif(clock.FILE in os.environ, reason="the clock of this run is turned itself")
@pytest.mark.parametrize("span", [DAY * 40, -DAY])
def test_a_process_reads_the_clock_that_was_set_and_waits_as_long_as_before(
    tmp_path: Path, span: timedelta
) -> None:
    file = tmp_path / "ahead"
    clock.put_ahead(file, int(span.total_seconds()))
    environment = os.environ | clock.reading(clock.make_library(tmp_path), file)
    said = subprocess.run(
        [sys.executable, "-c", ASK], env=environment, capture_output=True, text=True, check=True
    )
    moment, seconds = said.stdout.split()
    assert abs(datetime.fromisoformat(moment) - datetime.now(UTC) - span) < timedelta(seconds=30)
    assert abs(int(seconds) - time.time() - span.total_seconds()) < 30


def test_a_server_with_an_environment_of_its_own_reads_the_same_clock(tmp_path: Path) -> None:
    turned = clock.reading(tmp_path / "clock.so", tmp_path / "ahead")
    assert clock.inherited({"HOME": "/", **turned}) == turned
    assert clock.inherited({"LD_PRELOAD": "something.so"}) == {}


def test_the_moments_are_those_at_which_clocks_bite() -> None:
    moments = {moment.strftime("%m-%d %H:%M") for moment in clock.MOMENTS.values()}
    # Midnight, the leap day, New Year, and both nights of the change of clocks.
    assert moments >= {"01-14 23:30", "05-05 00:05", "02-29 12:00", "12-31 23:59", "01-01 00:05"}
    nights = {"03-28": timedelta(hours=1), "10-31": timedelta(hours=-1)}
    for moment in clock.MOMENTS.values():
        shift = nights.get(moment.strftime("%m-%d"), timedelta())
        next_day = (moment + DAY).utcoffset()
        assert next_day is not None
        assert next_day - (moment.utcoffset() or DAY) == shift, moment
    assert clock.span_until(datetime.now(UTC) + DAY) in (86_399, 86_400)
