"""What the doctor says of backups: how old they are, and whether they come back."""

import time
from collections.abc import Iterator
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_redis import get_redis_connection
from django_tenants.utils import get_tenant_model

from wiq import signs
from wiq.backups import record
from wiq.doctor.findings import Finding, ill, to_do, well

OLDEST_BACKUP = timedelta(hours=26)


def look() -> Iterator[Finding]:
    """Say how old the last backup is, and where they are checked, how the last check ended."""
    yield _age()
    if record.is_set_up():
        yield _check()
        yield _log()
        yield _files()


def _hours(seconds: float) -> int:
    return max(int(seconds // 3600), 0)


def _age() -> Finding:
    made = signs.backup_made(get_redis_connection("platform"))
    how = _("Nachts platform/deploy/backup laufen lassen: docs/howto/server.md.")
    if record.is_set_up():
        how = _("Läuft „backup run“? Sein Protokoll lesen: docs/howto/backups.md.")
    if made is None:
        return to_do(_("Von einer Sicherung ist hier nichts bekannt."), how)
    age = timedelta(seconds=time.time() - made)
    text = _("Die letzte Sicherung ist %d Stunden alt.") % _hours(age.total_seconds())
    return ill(text, how) if age > OLDEST_BACKUP else well(text)


def _name(schema: str) -> str:
    """Return what people call a district; one that has gone since is named by its schema."""
    found = get_tenant_model().objects.filter(schema_name=schema).first()
    return str(found.name) if found else schema or "–"


def _check() -> Finding:
    found = record.checked()
    how = _("Was zu tun ist: docs/howto/backups.md, „When it fails“.")
    if found is None:
        return to_do(_("Noch keine Sicherung wurde zur Probe zurückgeholt."), how)
    hours = _hours(time.time() - found.at)
    when = ngettext("vor %d Stunde", "vor %d Stunden", hours) % hours
    if not found.is_well:
        text = _("Die Probe der Sicherung ist gescheitert (%(when)s): %(why)s")
        return ill(text % {"when": when, "why": found}, how)
    text = _(
        "Zur Probe zurückgeholt (%(when)s): Quartier „%(name)s“, %(rows)d Zeilen, alle gleich."
    )
    words = text % {"when": when, "name": _name(found.schema), "rows": found.rows}
    late = time.time() - found.at > record.CHECK_SECONDS
    return ill(words, _("Läuft „backup run“? Die Probe ist jede Nacht.")) if late else well(words)


def _log() -> Finding:
    left = record.log_left()
    how = _("Läuft „backup run“, und antwortet der Speicher? docs/howto/backups.md")
    if left is None:
        return to_do(_("Das Protokoll der Änderungen hat diesen Server noch nie verlassen."), how)
    minutes = max(int((time.time() - left) // 60), 0)
    text = ngettext(
        "Das Protokoll der Änderungen ist bis vor %d Minute in Sicherheit.",
        "Das Protokoll der Änderungen ist bis vor %d Minuten in Sicherheit.",
        minutes,
    )
    return ill(text % minutes, how) if minutes * 60 > record.LOG_SECONDS else well(text % minutes)


def _files() -> Finding:
    left = record.files_left()
    how = _("Läuft „backup run“, und antworten beide Speicher? docs/howto/backups.md")
    if left is None:
        return to_do(_("Hochgeladene Dateien verlassen diesen Server nur nachts."), how)
    minutes = max(int((time.time() - left) // 60), 0)
    text = ngettext(
        "Hochgeladene Dateien sind bis vor %d Minute in Sicherheit.",
        "Hochgeladene Dateien sind bis vor %d Minuten in Sicherheit.",
        minutes,
    )
    late = minutes * 60 > record.FILES_SECONDS
    return ill(text % minutes, how) if late else well(text % minutes)
