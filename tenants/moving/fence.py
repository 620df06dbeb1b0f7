"""How nothing is written into a district while its rows are copied, and nothing is lost.

Three fences, each for what the one before lets through: pages that would write wait without a
thread (tenants.districts.middleware); whatever writes all the same is refused by the database and
asked again; and who had begun to write before is waited for.
"""

import time

from django.db import connection, transaction
from django.db.models.functions import Now
from django_tenants.utils import schema_context

from tenants.districts import lookup
from tenants.districts import services as districts
from tenants.districts.models import District, Moving
from tenants.provisioning import functions
from wiq.calls.models import WaitingCall
from wiq.outbox.models import Pointer
from wiq.tenancy import PUBLIC

# A mail or call that is on its way: as long as a mail server may take.
CALM_SECONDS = 60.0
# A page that was writing when the fence came up.
WRITERS_SECONDS = 5.0
LOOK_SECONDS = 0.02
# Everything but reading, and but what vacuum takes
# (https://www.postgresql.org/docs/18/explicit-locking.html#LOCKING-TABLES).
_WRITERS = """
    SELECT count(DISTINCT l.pid) FROM pg_locks l JOIN pg_depend d ON d.objid = l.relation
    WHERE l.locktype = 'relation' AND l.granted AND l.pid <> pg_backend_pid()
        AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND d.refclassid = 'pg_namespace'::regclass AND d.classid = 'pg_class'::regclass
        AND d.refobjid = %s::regnamespace
        AND l.mode NOT IN ('AccessShareLock', 'RowShareLock', 'ShareUpdateExclusiveLock')"""


class Restless(RuntimeError):
    """Somebody writes into the district, or sends a mail of it, for longer than we wait."""


def rest(district: District) -> None:
    """Let a district's mails, calls and nightly work wait, and wait for what is on its way.

    Visitors notice nothing. Raises Restless.
    """
    _put(district, Moving.RESTING)
    deadline = time.monotonic() + CALM_SECONDS
    # Twice: a sender may have looked for mails a moment before.
    calm = 0
    while calm < 2:
        calm = 0 if _on_their_way(district) else calm + 1
        if time.monotonic() > deadline:
            raise Restless("a mail of the district is still on its way")
        time.sleep(0.2)


def hold(district: District) -> None:
    """Let nobody write into a district, in the caller's transaction."""
    with schema_context(PUBLIC):
        functions.hold(str(district.schema_name))
    _put(district, Moving.HELD)


def wait_for_writers(district: District) -> None:
    """Wait until all have ended who wrote into a held district before. Raises Restless."""
    deadline = time.monotonic() + WRITERS_SECONDS
    while _writers(district):
        if time.monotonic() > deadline:
            raise Restless("somebody writes into the district for long")
        time.sleep(LOOK_SECONDS)


@transaction.atomic
def let_go(district: District) -> None:
    """Let everything be written and sent again as before."""
    with schema_context(PUBLIC):
        functions.release(str(district.schema_name))
    _put(district, Moving.NO)


@transaction.atomic
def _put(district: District, moving: Moving) -> None:
    with schema_context(PUBLIC):
        row = districts.locked(district)
        row.moving = district.moving = moving
        row.save(update_fields=["moving"])
        lookup.forget_after_commit(row)


def _on_their_way(district: District) -> bool:
    with schema_context(PUBLIC):
        return any(
            model._default_manager.filter(district_id=district.pk, leased_until__gt=Now()).exists()
            for model in (Pointer, WaitingCall)
        )


def _writers(district: District) -> int:
    with schema_context(PUBLIC), connection.cursor() as cursor:
        cursor.execute(_WRITERS, [district.schema_name])
        return int(cursor.fetchone()[0])
