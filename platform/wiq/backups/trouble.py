"""Why a backup, its check or its return failed: a word for machines, a sentence for people."""

import errno
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Why(StrEnum):
    """What went wrong. The word stands in the record; the sentence is made where it is read."""

    SETTINGS = "settings"
    PROGRAM = "program"
    DATABASE = "database"
    FULL = "full"
    ROOM = "room"
    WRITE = "write"
    UPLOADS = "uploads"
    REFUSED = "refused"
    KEY = "key"
    BROKEN = "broken"
    CHAIN = "chain"
    NOTHING = "nothing"
    WAL_GAP = "wal_gap"
    WAL_LATE = "wal_late"
    FOLDER = "folder"
    VERIFY = "verify"
    RECOVERY = "recovery"
    ROWS = "rows"
    SHAPE = "shape"
    UNKNOWN = "unknown"


SENTENCES: dict[Why, str | Promise] = {
    Why.SETTINGS: _("Für Sicherungen fehlt eine Einstellung: %(what)s."),
    Why.PROGRAM: _("Ein Programm für Sicherungen fehlt: %(what)s."),
    Why.DATABASE: _("Die Datenbank gibt keine Sicherung her: %(what)s"),
    Why.FULL: _("Der Speicher für Sicherungen ist voll. Es blieb nichts Halbes liegen."),
    Why.ROOM: _(
        "Auf diesem Rechner ist kein Platz mehr (%(what)s). Die Sicherungen selbst sind unversehrt."
    ),
    Why.WRITE: _(
        "Hier lässt sich nicht lesen oder schreiben: %(what)s. Im Container muss alles der "
        "Kennung 10001 gehören."
    ),
    Why.UPLOADS: _("Die hochgeladenen Dateien lassen sich nicht lesen: %(what)s."),
    Why.REFUSED: _(
        "Der Speicher für Sicherungen nimmt oder gibt nichts (%(what)s). Ist er voll? "
        "Stimmen Adresse und Schlüssel in WIQ_BACKUP_URL?"
    ),
    Why.KEY: _("Der Schlüssel passt nicht: %(what)s lässt sich damit nicht entschlüsseln."),
    Why.BROKEN: _("%(what)s ist unvollständig oder verändert."),
    Why.CHAIN: _("Es fehlt ein Glied der Kette: %(what)s."),
    Why.NOTHING: _("Es gibt keine Sicherung, die vor diesem Zeitpunkt fertig war."),
    Why.WAL_GAP: _("Im Protokoll der Änderungen fehlt ein Stück: %(what)s."),
    Why.WAL_LATE: _(
        "Das Protokoll der Änderungen reicht nicht so weit (%(what)s). Läuft „backup run“?"
    ),
    Why.FOLDER: _("Dieser Ordner ist nicht leer: %(what)s."),
    Why.VERIFY: _(
        "Die zurückgeholten Dateien stimmen nicht mit ihrem Verzeichnis überein: %(what)s"
    ),
    Why.RECOVERY: _("Aus der Sicherung startet keine Datenbank: %(what)s"),
    Why.ROWS: _("In der zurückgeholten Datenbank stimmen Zeilen nicht: %(what)s."),
    Why.SHAPE: _("In der zurückgeholten Datenbank ist ein Schema beschädigt: %(what)s."),
    Why.UNKNOWN: _("Die Prüfung brach ab: %(what)s."),
}


class BackupError(Exception):
    """A backup, its check or its return failed. ``what`` says nothing about a person."""

    def __init__(self, why: Why, what: str = "") -> None:
        super().__init__(why, what)
        self.why, self.what = why, what

    def __str__(self) -> str:
        return sentence(self.why, self.what)


def sentence(why: Why, what: str) -> str:
    """Return in the reader's language what went wrong."""
    return str(SENTENCES[why]) % {"what": what}


def last_words(stderr: str) -> str:
    """Return the last line that a program said, without its own name and severity."""
    lines = [line for line in stderr.strip().splitlines() if line.strip()]
    return lines[-1].split("error: ")[-1].strip() if lines else "?"


NO_ROOM = "No space left on device", "Disk quota exceeded"


def says_full(words: str) -> bool:
    """Tell whether a program says that a disk of this machine is full."""
    return any(one in words for one in NO_ROOM)


def of_words(why: Why, words: str) -> BackupError:
    """Return what a program's last words mean: where a disk is full, nothing else is wrong."""
    return BackupError(Why.ROOM if says_full(words) else why, words)


def of_machine(error: OSError) -> BackupError:
    """Return what an error of this machine's own disk means."""
    is_full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    where = error.filename or error.strerror or type(error).__name__
    return BackupError(Why.ROOM if is_full else Why.WRITE, str(where))
