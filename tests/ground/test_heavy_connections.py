"""A connection that has been in many districts is replaced, because its server process only grows."""

import logging
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections, transaction
from django_tenants.utils import tenant_context
from psycopg_pool import ConnectionPool

from tests import logins
from tests.cast import District
from wiq.database import reset_connection, weight
from wiq.database.patience import PatientConnection


@pytest.fixture(autouse=True)
def _two_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weight, "MOST_DISTRICTS", 2)


def server_process() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def apart(*turns: District, in_a_transaction: bool = False) -> list[int]:
    """Return the server's process for each district in turn, over a connection of a thread's own."""

    def work() -> list[int]:
        seen = []
        try:
            for district in turns:
                with tenant_context(district.row):
                    if in_a_transaction:
                        with transaction.atomic():
                            weight.let_go_if_heavy()
                            seen.append(server_process())
                    else:
                        seen.append(server_process())
                        weight.let_go_if_heavy()
        finally:
            connection.close()
        return seen

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(work).result()


def test_work_over_all_districts_goes_on_over_another_connection(
    nord: District, sued: District
) -> None:
    assert len(set(apart(nord, nord, nord))) == 1
    one, two, three = apart(nord, sued, nord)
    assert one == two != three


def test_no_transaction_loses_its_connection(nord: District, sued: District) -> None:
    assert len(set(apart(nord, sued, nord, in_a_transaction=True))) == 1


def test_the_web_servers_pool_replaces_it_without_a_word(
    db: None, caplog: pytest.LogCaptureFixture
) -> None:
    known = connections["default"].settings_dict
    words = f"host={known['HOST']} user={logins.APP} dbname={known['NAME']}"
    caplog.set_level(logging.WARNING, logger="psycopg.pool")
    with ConnectionPool(
        words, connection_class=PatientConnection, min_size=1, max_size=1, reset=reset_connection
    ) as pool:
        seen = []
        for district in ("d_1", "d_1", "d_2", "d_1"):
            with pool.connection() as taken:
                weight.note(taken, district)
                seen.append(taken.info.backend_pid)
    assert seen[0] == seen[1] == seen[2] != seen[3]
    assert not caplog.records
