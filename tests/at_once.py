"""Two people or processes at the same moment, each with a connection of its own."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections

from tests import logins
from tests.cast import District
from wiq.database import SET_PLACE


class Started(threading.Thread):
    """Does something in a thread; ``result`` returns what came of it, or raises what it raised."""

    def __init__(self, do: Callable[[], Any]) -> None:
        super().__init__(daemon=True)
        self._do = do
        self._returned: Any = None
        self._raised: BaseException | None = None
        self.start()

    def run(self) -> None:
        try:
            self._returned = self._do()
        except BaseException as error:
            self._raised = error
        finally:
            connections.close_all()

    def result(self) -> Any:
        self.join(20)
        assert not self.is_alive(), "still at it after 20 s"
        if self._raised is not None:
            raise self._raised
        return self._returned


def until_waiting(count: int) -> None:
    """Wait until this many connections of the platform wait for a lock."""
    sql = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    with logins.connect(logins.APP, autocommit=True) as watching:
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            found = watching.execute(sql).fetchone()
            if found is not None and found[0] >= count:
                return
            time.sleep(0.02)
    raise AssertionError(f"fewer than {count} wait for a lock")


@contextmanager
def held(district: District, sql: str, *values: Any) -> Iterator[None]:
    """Hold the rows that a statement locks in a district, as somebody else's transaction."""
    schema = district.row.schema_name
    with logins.connect(logins.APP) as other:
        other.execute(SET_PLACE, [f"{schema},public", schema])
        other.execute(sql, list(values))
        yield
        other.rollback()
