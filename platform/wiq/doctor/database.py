"""What the database is looked at for: the login's rights, who waits, what is nearly used up."""

from collections.abc import Iterator

from django.db import connection
from django.utils.translation import gettext as _

from wiq.doctor.findings import Finding, ill, to_do, well

LOGIN = """
SELECT rolsuper, rolbypassrls,
       EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE n.nspname = 'public' AND c.relkind = 'r' AND c.relowner = r.oid)
FROM pg_roles r WHERE rolname = session_user"""
# A login sees what its own sessions do, which are all of web and worker.
WAITING = """
SELECT count(*) FILTER (WHERE cardinality(pg_blocking_pids(pid)) > 0
                        AND clock_timestamp() - query_start > make_interval(secs => %s)),
       count(*) FILTER (WHERE state = 'idle in transaction'
                        AND clock_timestamp() - state_change > make_interval(secs => %s))
FROM pg_stat_activity WHERE datname = current_database() AND usename = session_user"""
CONNECTIONS = """
SELECT (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),
       current_setting('max_connections')::int
       - current_setting('superuser_reserved_connections')::int"""
LONG_BLOCKED, LONG_IDLE = 60.0, 300.0  # seconds
# Beyond, a second web server or a backup finds no place.
MOST_USED = 0.8


def _row(statement: str, *values: float) -> tuple[object, ...]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return tuple(cursor.fetchone())


def login() -> Iterator[Finding]:
    """Say whether the login can do more than web and worker need (docs/operating.md, Roles)."""
    is_super, passes_by, owns = _row(LOGIN)
    advice = _("Web und Worker melden sich als wiq_app an: docs/operating.md.")
    if is_super or passes_by:
        yield ill(_("Diese Anmeldung an der Datenbank darf alles."), advice)
    elif owns:
        yield to_do(
            _("Diese Anmeldung ist die der Eigentümerin, wie für migrate_districts."), advice
        )
    else:
        yield well(_("Die Anmeldung an der Datenbank darf nur, was sie braucht."))


def waiting() -> Iterator[Finding]:
    """Say whether somebody waits for a lock, or holds one and does nothing."""
    blocked, idle = (int(str(number)) for number in _row(WAITING, LONG_BLOCKED, LONG_IDLE))
    if blocked:
        advice = _("pg_blocking_pids zeigt, worauf sie warten: docs/howto/runbook.md")
        yield ill(
            _("Seit über einer Minute warten Abfragen auf eine Sperre: %d.") % blocked, advice
        )
    if idle:
        advice = _("Der Prozess hängt: neu starten.")
        yield ill(_("Transaktionen, in denen seit 5 Minuten nichts geschieht: %d.") % idle, advice)
    if not blocked and not idle:
        yield well(_("Niemand wartet auf eine Sperre."))


def connections() -> Iterator[Finding]:
    """Say how many connections are taken."""
    used, most = (int(str(number)) for number in _row(CONNECTIONS))
    text = _("Verbindungen: %(used)d von %(most)d.") % {"used": used, "most": most}
    if used > MOST_USED * most:
        yield ill(text, _("max_connections erhöhen oder WIQ_DB_POOL senken: docs/capacity.md."))
    else:
        yield well(text)


def database() -> Iterator[Finding]:
    """Look at login, locks and connections."""
    yield from login()
    yield from waiting()
    yield from connections()
