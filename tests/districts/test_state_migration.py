"""What migration 0012 finds in the log: who was public before, and where each returns to."""

from importlib import import_module

import pytest
from django.db import connection

from tenants.districts import moves
from tenants.districts.models import District as Row
from tests.cast import ACTOR, District, put

FILL = import_module("tenants.districts.migrations.0012_state_before_and_note").FILL


def filled(district: District) -> Row:
    """Run the migration's statements over rows that know nothing yet."""
    Row.objects.update(passed_gate_at=None, state_before="")
    with connection.cursor() as cursor:
        cursor.execute(FILL)
    return district.row


@pytest.mark.parametrize("before", ["published", "hidden"])
@pytest.mark.parametrize("end", ["suspended", "archived"])
@pytest.mark.owner
def test_what_was_public_before_returns_there(
    nord: District, sued: District, before: str, end: str
) -> None:
    put(nord.row, before)
    moves.move(nord.row, end, actor=ACTOR)
    row = filled(nord)
    assert (row.state_before, row.passed_gate_at is not None) == (before, True)
    assert (sued.row.state_before, sued.row.passed_gate_at is not None) == ("", True)


@pytest.mark.owner
def test_a_draft_was_never_public_and_an_end_without_a_log_leads_to_hidden(nord: District) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_entry WHERE action = 'district.state'")
    Row.objects.filter(slug="nord").update(state="draft")
    row = filled(nord)
    assert (row.state_before, row.passed_gate_at) == ("", None)
    Row.objects.filter(slug="nord").update(state="archived")
    row = filled(nord)
    assert (row.state_before, row.passed_gate_at) == ("hidden", None)
