"""What the platform itself is looked at for: versions, settings, disk, clock, and its parts."""

import platform as machine
import shutil
import time
from collections.abc import Iterable, Iterator

import django
from django.conf import settings
from django.core import checks
from django.db import connection
from django.utils import translation
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_redis import get_redis_connection

from wiq import health, version
from wiq.doctor import backups, clock_sync
from wiq.doctor.database import database
from wiq.doctor.findings import Finding, Look, ill, in_production, looks, to_do, unknown, well
from wiq.doctor.parts import PARTS
from wiq.doctor.valkey import queues, valkey

# What is measured between processes has to agree to this: a code of a second factor is good for
# 30 seconds (RFC 6238, 5.2), a link that is signed says when it was.
MOST_SECONDS_APART = 2.0
# Of the disk; less is filled in a night by a backup.
LEAST_FREE = 0.1
LEAST_POSTGRES = 18


def versions() -> Iterator[Finding]:
    """Say which versions work together. Raises DatabaseError and RedisError."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        postgres = str(cursor.fetchone()[0]).split()[0]
    valkey = get_redis_connection("default").info("server")
    named = {
        "WiQ": version.release().removeprefix(f"{version.NAME}@"),
        "Python": machine.python_version(),
        "Django": django.get_version(),
        "PostgreSQL": postgres,
        "Valkey": valkey.get("valkey_version") or valkey["redis_version"],
    }
    text = ", ".join(f"{name} {number}" for name, number in named.items() if number)
    if int(postgres.split(".")[0]) < LEAST_POSTGRES:
        advice = _("Bitte PostgreSQL %d oder neuer nehmen: docs/howto/server.md.") % LEAST_POSTGRES
        yield ill(text, advice)
    else:
        yield well(text)


def configuration() -> Iterator[Finding]:
    """Say what Django's checks and ours object to, those for production included."""
    # Some of ours resolve addresses, which begin with /en/ where English is spoken.
    with translation.override(None):
        found = checks.run_checks(include_deployment_checks=in_production())
    objections = [one for one in found if one.is_serious(checks.WARNING) and not one.is_silenced()]
    for one in objections:
        advice = one.hint or _("Die Einstellungen stehen in docs/operating.md.")
        yield ill(f"{one.id}: {one.msg}", advice)
    if not objections:
        yield well(_("Die Prüfungen haben nichts gefunden."))
    if not in_production():
        advice = _("Für einen Server im Netz: docs/howto/server.md.")
        yield unknown(_("Diese Installation ist zum Ausprobieren."), advice)


def _gigabytes(count: int) -> str:
    return f"{number_format(count / 1e9, 2)}\N{NO-BREAK SPACE}GB"


def disk() -> Iterator[Finding]:
    """Say how much room is left where files lie, and what the database takes."""
    usage = shutil.disk_usage(settings.WIQ_STATE)
    numbers = {"free": _gigabytes(usage.free), "total": _gigabytes(usage.total)}
    text = _("Frei sind %(free)s von %(total)s.") % numbers
    if usage.free < max(health.FREE_BYTES, LEAST_FREE * usage.total):
        advice = _("Alte Sicherungen und Protokolle wegräumen oder die Platte vergrößern.")
        yield ill(text, advice)
    else:
        yield well(text)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        yield well(_("Die Datenbank belegt %s.") % _gigabytes(cursor.fetchone()[0]))


def clock() -> Iterator[Finding]:
    """Compare the clocks of this process, the database and Valkey."""
    with connection.cursor() as cursor:
        before = time.time()
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
        database = float(cursor.fetchone()[0])
    took = time.time() - before
    seconds, micros = get_redis_connection("default").time()
    apart = {
        "PostgreSQL": abs(database - before) - took,
        "Valkey": abs(seconds + micros / 1e6 - time.time()),
    }
    wrong = {name: gap for name, gap in apart.items() if gap > MOST_SECONDS_APART}
    for name, gap in wrong.items():
        text = _("Die Uhr von %(name)s geht um %(gap)d Sekunden anders.") % {
            "name": name, "gap": gap,
        }  # fmt: skip
        yield ill(text, _("Auf beiden Servern die Zeit abgleichen lassen, etwa mit chrony."))
    if not wrong:
        yield well(_("Alle Uhren gehen gleich."))
    yield from kept_by_the_net()


def kept_by_the_net() -> Iterator[Finding]:
    """Say whether anybody keeps this machine's clock: all of one machine can be wrong together."""
    is_kept = clock_sync.is_kept()
    advice = _("Die Zeit abgleichen lassen, etwa mit chrony oder systemd-timesyncd.")
    if is_kept:
        yield well(_("Die Uhr dieses Servers wird mit der Zeit im Netz abgeglichen."))
    elif is_kept is None:
        yield unknown(_("Ob jemand die Uhr abgleicht, ist von hier nicht zu sehen."), advice)
    else:
        yield to_do(_("Niemand gleicht die Uhr dieses Servers ab."), advice)


def of_part(part: str) -> Iterable[Finding]:
    """Ask one part of the health page, and say what to do where it fails."""
    try:
        health.PARTS[part]()
    except Exception as error:
        words = f"{PARTS[part].trouble} ({type(error).__name__})"
        return [ill(words, str(PARTS[part].advice))]
    return []


def parts() -> Iterator[Finding]:
    """Say which parts do not work."""
    found = [finding for part in health.PARTS for finding in of_part(part)]
    yield from found
    if not found:
        yield well(
            _("Alle Teile arbeiten: %s.")
            % ", ".join(str(PARTS[part].name) for part in health.PARTS)
        )
    if health.first_steps():
        advice = "create_account EMAIL --platform"
        yield ill(_("Im Projektteam hat noch niemand ein Konto."), advice)


for place, title, find in (
    (10, gettext_lazy("Versionen"), versions),
    (20, gettext_lazy("Einstellungen"), configuration),
    (30, gettext_lazy("Datenbank"), database),
    (40, gettext_lazy("Teile"), parts),
    (50, "Valkey", valkey),
    (55, gettext_lazy("Aufträge"), queues),
    (60, gettext_lazy("Platz auf der Platte"), disk),
    (70, gettext_lazy("Uhren"), clock),
    (80, gettext_lazy("Sicherung"), backups.look),
):
    looks.register(Look(place, title, find))
