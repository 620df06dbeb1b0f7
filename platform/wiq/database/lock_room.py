"""Room for a backup: ``pg_dump`` locks every table, all in one transaction.

PostgreSQL keeps its locks in memory of a fixed size. Where it is too small, the dump of the whole
database ends with "out of shared memory", and there is no backup that night.
https://www.postgresql.org/docs/18/runtime-config-locks.html
"""

from django.db import connection
from django_tenants.utils import get_tenant_model

# A little more than a district's tables (tests/ground/test_lock_room.py counts them).
OF_A_DISTRICT = 50
# The public schema, the template and the catalogue.
BESIDE = 1_000
# What compose and the embedded server are set for.
DISTRICTS = 5_000
# The documentation promises one lock for each of these, and PostgreSQL reserves memory for two
# holders of each. A dump is the only holder of nearly all, so half as many again find room (half
# and a little more, measured: tests/deploy/test_large_backup.py).
ROOM = """
SELECT current_setting('max_locks_per_transaction')::bigint
     * (current_setting('max_connections')::int + current_setting('max_prepared_transactions')::int)
     * 3 / 2
"""


class TooFewLocks(Exception):
    """A dump of all districts would end with "out of shared memory"."""


def needed(districts: int) -> int:
    """Return how many locks a dump of so many districts takes."""
    return BESIDE + OF_A_DISTRICT * districts


def room() -> int:
    """Return how many locks of a dump find room on this server."""
    with connection.cursor() as cursor:
        cursor.execute(ROOM)
        return int(cursor.fetchone()[0])


def check_room() -> None:
    """Look whether all districts can be dumped at once. Raises TooFewLocks."""
    if needed(get_tenant_model().objects.count()) > room():
        raise TooFewLocks
