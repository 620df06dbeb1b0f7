"""What each part of the health page is for, and what to do where it fails."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Part:
    """A part: how people call it, what it means that it fails, and what to do then."""

    name: str | Promise
    trouble: str | Promise
    advice: str | Promise


PARTS: dict[str, Part] = {
    "database": Part(
        _("Datenbank"),
        _("Die Datenbank antwortet nicht, oder ihre Platte ist voll."),
        _("Läuft PostgreSQL? Ist auf seiner Platte Platz? docs/howto/runbook.md"),
    ),
    "backup": Part(
        _("Sperren für die Sicherung"),
        _("Eine Sicherung aller Quartiere würde scheitern."),
        _("max_locks_per_transaction erhöhen: docs/capacity.md"),
    ),
    "backup_check": Part(
        _("Probe der Sicherung"),
        _(
            "Die letzte Probe der Sicherung ist gescheitert, ist lange her, oder das Protokoll der "
            "Änderungen verlässt diesen Server nicht."
        ),
        _("Was zu tun ist, steht unter „Sicherung“: docs/howto/backups.md"),
    ),
    "erasures": Part(
        _("Verzeichnis der Löschungen"),
        _("Das Verzeichnis der Löschungen lässt sich nicht schreiben."),
        _("Ist der Ordner WIQ_LEDGER da und beschreibbar?"),
    ),
    "files": Part(
        _("Dateien"),
        _("Hochgeladene Dateien lassen sich nicht erreichen."),
        _("Stimmt WIQ_MEDIA_URL? Antwortet der Speicher? docs/howto/files.md"),
    ),
    "cache": Part(
        _("Zwischenspeicher"),
        _("Valkey antwortet nicht."),
        _("Läuft Valkey? Stimmen Adresse und Passwort in REDIS_URL?"),
    ),
    "queue": Part(
        _("Warteschlangen"),
        _("Valkey nimmt nichts an."),
        _("Ist seine Platte voll, oder der Speicher? docs/howto/runbook.md"),
    ),
    "worker": Part(
        _("Worker"),
        _("Kein Worker gibt ein Lebenszeichen: E-Mails und neue Quartiere warten."),
        _("Den Worker neu starten und sein Protokoll lesen."),
    ),
    "beat": Part(
        _("Beat"),
        _("Beat gibt kein Lebenszeichen: Was nachts zu tun ist, bleibt liegen."),
        _("Beat neu starten und sein Protokoll lesen."),
    ),
    "mail": Part(
        _("Mailserver"),
        _("Der Mailserver nimmt von uns nichts an."),
        _("Seine Antwort steht unter „E-Mails, die nicht ankommen“."),
    ),
    "disk": Part(
        _("Platte"),
        _("Auf der Platte ist fast kein Platz mehr."),
        _("Alte Sicherungen und Protokolle wegräumen oder die Platte vergrößern."),
    ),
}
