"""A moment that an operator types: whole, or refused."""

import argparse
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command

from wiq.backups.management.commands.backup import moment


@pytest.mark.parametrize(
    "typed", ["2026-11-29", "20261129", "gestern", "14:30", "2026-02-30 10:00"]
)
def test_what_is_no_moment_is_refused(typed: str) -> None:
    # A day alone would be its first second: the backup from before all of that day.
    with pytest.raises(ValueError, match=""):
        moment(typed)


def test_a_moment_is_by_the_clock_of_this_installation() -> None:
    assert moment("2026-11-29 14:30") == datetime(2026, 11, 29, 13, 30, tzinfo=UTC)
    assert moment("2026-11-29T14:30+02:00") == datetime(2026, 11, 29, 12, 30, tzinfo=UTC)


def test_the_command_says_which_word_it_does_not_understand() -> None:
    with pytest.raises((CommandError, argparse.ArgumentError), match="--at"):
        call_command("backup", "fetch", "/gibt-es-nicht", "--at", "2026-11-29")
