"""The list of slips stays true to the code: a slip whose place is gone guards nothing."""

import tomllib
from pathlib import Path

from tests.stack.running import ROOT

HERE = Path(__file__).resolve().parent


def test_every_slip_names_one_place_in_the_code_and_a_test_that_is_there() -> None:
    stale = []
    for listed in sorted(HERE.glob("*.toml")):
        for slip in tomllib.loads(listed.read_text(encoding="utf-8"))["slip"]:
            place, (test, name) = ROOT / slip["file"], slip["noticed_by"].split("::")[:2]
            found = place.read_text(encoding="utf-8").count(slip["find"]) if place.exists() else 0
            there = (ROOT / test).exists() and name.partition("[")[0] in (ROOT / test).read_text()
            if found != 1 or not there:
                stale.append(f"{listed.name}: {slip['what']}")
    assert stale == []
