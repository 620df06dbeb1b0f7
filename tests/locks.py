"""Which rows a piece of work keeps for itself before it writes them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext

LOCKED = re.compile(r'FROM "(\w+)".*FOR (?:NO KEY )?UPDATE', re.DOTALL)
WRITTEN = re.compile(r'^(?:UPDATE|DELETE FROM) "(\w+)"')


@contextmanager
def row_locks() -> Iterator[list[str]]:
    """Give a list that holds, at the end, the tables whose rows were locked before written.

    A row that two people save at once has to be read under a lock: a lock that comes after the
    first write of the same table comes too late and does not count.
    """
    locked: list[str] = []
    with CaptureQueriesContext(connection) as queries:
        yield locked
    written: set[str] = set()
    for query in queries:
        if found := LOCKED.search(query["sql"]):
            if found[1] not in written:
                locked.append(found[1])
        elif found := WRITTEN.search(query["sql"]):
            written.add(found[1])
