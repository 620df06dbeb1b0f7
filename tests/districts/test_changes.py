"""A district's row as it changes: checked, held, recorded, and known at its hosts after the commit."""

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.core.cache import caches
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tenants.districts import lookup, services
from tenants.districts.models import Operator, State
from tests.audited import details, said
from tests.cast import ACTOR, District, put
from tests.locks import row_locks


def asks_the_database(district: District) -> bool:
    """Tell whether the next visit looks up the district's host anew."""
    with CaptureQueriesContext(connection) as queries:
        district.client().get("/kontakt/")
    return any("districts_domain" in query["sql"] for query in queries)


def change_state(district: District) -> None:
    put(district.row, State.HIDDEN)


def change_data(district: District) -> None:
    services.update(district.row, actor=ACTOR, phone="0341 5")


def change_operator(district: District) -> None:
    services.save_operator(Operator(legal_name="Verein"), actor=ACTOR)


@pytest.mark.parametrize("change", [change_state, change_data, change_operator])
def test_a_change_is_known_at_the_host_with_its_commit_and_not_before(
    nord: District, change: Any, django_capture_on_commit_callbacks: Any
) -> None:
    asks_the_database(nord)
    with django_capture_on_commit_callbacks() as after_commit:
        change(nord)
    assert not asks_the_database(nord)
    for callback in after_commit:
        callback()
    assert asks_the_database(nord)


def test_a_host_is_remembered_for_half_a_minute(nord: District) -> None:
    nord.client().get("/")
    assert 0 < caches["platform"].ttl("district:nord.localhost") <= 30
    assert lookup.TTL_SECONDS == 30


def test_a_new_state_says_since_when_and_is_recorded(nord: District) -> None:
    moment = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    with time_machine.travel(moment, tick=False):
        put(nord.row, State.SUSPENDED, actor="somebody")
    assert (nord.row.state, nord.row.state_since) == ("suspended", moment)
    assert said("district.state")[-1] == ("district.state", "somebody")
    assert details("district.state")[-1] == {"from": "published", "to": "suspended"}


def test_changed_data_and_a_saved_traeger_are_recorded(nord: District) -> None:
    services.update(nord.row, actor="somebody", phone="0341 5", city="Halle")
    assert said("district.updated") == [("district.updated", "somebody")]
    assert details("district.updated") == [{"fields": ["city", "phone"]}]
    services.save_operator(Operator(legal_name="Verein"), actor="somebody")
    assert said("operator.saved") == [("operator.saved", "somebody")]


@pytest.mark.parametrize(("months", "is_taken"), [(0, False), (1, True), (36, True), (37, False)])
def test_requests_are_kept_for_one_to_thirty_six_months(
    nord: District, months: int, is_taken: bool
) -> None:
    if is_taken:
        services.update(nord.row, actor=ACTOR, retention_months=months)
    else:
        with pytest.raises(ValidationError):
            services.update(nord.row, actor=ACTOR, retention_months=months)
    assert nord.row.retention_months == (months if is_taken else 6)


def test_who_changes_a_district_holds_its_row(nord: District) -> None:
    with row_locks() as locked:
        found = services.locked(nord.row)
    assert (locked, found.host) == (["districts_district"], "nord.localhost")
