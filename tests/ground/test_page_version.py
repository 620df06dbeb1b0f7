"""What makes a public page old: every recorded write, once it is committed, in its district alone."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any

import pytest
import time_machine
from django.core.cache import caches
from django.db import transaction
from redis.exceptions import ConnectionError as RedisConnectionError

from directory.people import services as people
from directory.solutions import services as solutions
from tenants.districts import services as districts
from tenants.lifecycle import tasks
from tests.cast import ACTOR, District, form
from wiq.accounts import invitations
from wiq.accounts.models import User
from wiq.accounts.roles import Role
from wiq.audit.models import Entry
from wiq.page_cache import version as page_version
from wiq.page_cache.cache import VERSION


def version(district: District) -> page_version.Version | None:
    return page_version.current_or_new(district.row.schema_name)


def by_service(district: District) -> None:
    with district.inside():
        solutions.confirm(district.solution_team(), actor=ACTOR)


def by_withdrawal(district: District) -> None:
    with district.inside():
        people.withdraw_consent(district.person("ada").consents.get(), actor=ACTOR)


def by_task(district: District) -> None:
    tasks.tend.apply(headers={"_schema_name": district.row.schema_name}, throw=True)


def by_api(district: District) -> None:
    client = district.client(authorization=f"Bearer {district.token()}")
    path = "/api/v1/people/ada/"
    assert client.patch(path, {"about": "Neu"}, content_type="application/json").status_code == 200


def test_a_transaction_renews_pages_once_and_a_part_that_is_undone_counts_for_nothing(
    nord: District, sued: District, django_capture_on_commit_callbacks: Any
) -> None:
    here, there = nord.row.schema_name, sued.row.schema_name
    with django_capture_on_commit_callbacks() as after_commit, transaction.atomic():
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            page_version.renew_after_commit(here)
            raise ZeroDivisionError
        assert after_commit == []
        for schema in (here, here, there, here):
            with transaction.atomic():
                page_version.renew_after_commit(schema)
    renewed = [callback.args for callback in after_commit]
    assert renewed == [(here,), (there,)]


@pytest.mark.parametrize("write", [by_service, by_withdrawal, by_task, by_api])
def test_a_write_makes_the_pages_of_its_district_old(
    nord: District, sued: District, write: Any, django_capture_on_commit_callbacks: Any
) -> None:
    before, other = version(nord), version(sued)
    assert before is not None
    with django_capture_on_commit_callbacks() as after_commit:
        write(nord)
    assert version(nord) == before  # not before the commit
    for callback in after_commit:
        callback()
    assert version(nord) != before
    assert version(sued) == other


def test_a_write_that_is_rolled_back_changes_nothing(
    nord: District, django_capture_on_commit_callbacks: Any
) -> None:
    before = version(nord)
    team = nord.solution_team()
    with (
        django_capture_on_commit_callbacks(execute=True),
        nord.inside(),
        pytest.raises(RuntimeError),
        transaction.atomic(),
    ):
        solutions.confirm(team, actor=ACTOR)
        raise RuntimeError
    assert version(nord) == before


def test_a_change_of_a_district_makes_all_pages_old(
    nord: District, django_capture_on_commit_callbacks: Any
) -> None:
    before = version(nord)
    with django_capture_on_commit_callbacks(execute=True):
        districts.update(nord.row, actor=ACTOR, colour="#123456")
    assert version(nord) != before


def test_a_page_made_inside_a_transaction_is_not_kept(nord: District) -> None:
    # Every test is one: what it shows may be rolled back.
    response = nord.client().get("/loesungsteams/")
    assert response.headers["Cache-Control"] == "public, no-cache"
    assert VERSION not in response.wsgi_request.META


def test_who_listens_hears_of_every_renewal_and_of_no_other_schema(nord: District) -> None:
    watch = page_version.Watch()
    one, other = nord.row.schema_name, "public"
    assert page_version.current_or_new(one)
    assert page_version.current_or_new(other)
    for _number in range(50):
        before, elsewhere = watch.current(one), watch.current(other)
        assert before is not None
        page_version.renew(one)
        assert watch.current(one) == page_version.current(one) != before
        assert watch.current(other) == elsewhere
    page_version.renew_everything()
    assert watch.current(other) == page_version.current(other) != elsewhere


def test_a_broken_connection_forgets_what_it_knew(nord: District) -> None:
    watch, schema = page_version.Watch(), nord.row.schema_name
    before = page_version.current_or_new(schema)
    assert watch.current(schema) == before
    for _number in range(3):
        assert watch.current(schema) == page_version.current(schema)
        assert watch._subscription is not None
        watch._subscription._messages.connection.disconnect()
        page_version.renew(schema)
        assert watch.current(schema) in (None, page_version.current(schema))
    assert page_version.current(schema) != before
    assert watch.current(schema) == page_version.current(schema)


def use_keys_of(prefix: str) -> None:
    """A thread has a cache of its own, with the settings' prefix instead of the test's."""
    caches["platform"].key_prefix = prefix


def test_every_thread_hears_of_a_renewal(nord: District) -> None:
    watch, schema = page_version.Watch(), nord.row.schema_name
    before = page_version.current_or_new(schema)
    prefix = caches["platform"].key_prefix
    with ThreadPoolExecutor(1, initializer=use_keys_of, initargs=(prefix,)) as thread:
        for _number in range(2):
            assert watch.current(schema) == thread.submit(watch.current, schema).result() == before
            page_version.renew(schema)
            renewed = page_version.current(schema)
            assert before != renewed == watch.current(schema)
            assert thread.submit(watch.current, schema).result() == renewed
            before = renewed


def test_a_thread_that_waits_for_valkey_holds_no_other_up(
    nord: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch, schema = page_version.Watch(), nord.row.schema_name
    page_version.current_or_new(schema)
    known = watch.current(schema)
    waits, goes_on = Event(), Event()

    def slowly(schema: str) -> None:
        waits.set()
        goes_on.wait(5)

    monkeypatch.setattr(page_version, "current", slowly)
    with ThreadPoolExecutor(1) as thread:
        waiting = thread.submit(watch.current, "public")
        assert waits.wait(5)
        assert watch.current(schema) == known is not None
        assert not waiting.done()
        goes_on.set()


def test_where_nobody_can_say_nothing_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(alias: str) -> None:
        raise RedisConnectionError

    monkeypatch.setattr(page_version, "get_redis_connection", away)
    assert page_version.Watch().current("public") is None


def by_request(district: District) -> None:
    assert district.client().post("/kontakt/", form()).status_code == 303


def by_refused_sign_in(district: District) -> None:
    fields = {"login": "coordinator@nord.example", "password": "geraten"}
    assert district.client().post("/anmelden/", fields).status_code == 200


def by_invitation(district: District) -> None:
    with district.inside():
        actor = User.objects.get(email="coordinator@nord.example")
        invitations.invite(email="neu@nord.example", role=Role.EDITOR, actor=actor)


@pytest.mark.parametrize("write", [by_request, by_refused_sign_in, by_invitation])
def test_what_is_noted_and_no_visitor_sees_leaves_the_pages_as_they_are(
    nord: District, write: Callable[[District], None], django_capture_on_commit_callbacks: Any
) -> None:
    before = version(nord)
    with django_capture_on_commit_callbacks(execute=True):
        write(nord)
    assert version(nord) == before
    with nord.inside():
        assert Entry.objects.exists()


def test_what_is_kept_for_a_moment_ends_before_another_day_begins() -> None:
    midnight = datetime(2026, 10, 24, 22, 0, tzinfo=UTC)
    with time_machine.travel(midnight - timedelta(seconds=0.5), tick=False):
        assert page_version.Today().seconds_left() == 0.5
    with time_machine.travel(midnight, tick=False):
        assert page_version.Today().seconds_left() == 60
