"""What each part of the health page is for, and what to do where it fails."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PARTS: dict[str, tuple[str | Promise, str | Promise]] = {
    "database": (
        _("Die Datenbank antwortet nicht, oder ihre Platte ist voll."),
        _("Läuft PostgreSQL? Ist auf seiner Platte Platz? docs/howto/runbook.md"),
    ),
    "backup": (
        _("Eine Sicherung aller Quartiere würde scheitern."),
        _("max_locks_per_transaction erhöhen: docs/howto/sizing.md"),
    ),
    "erasures": (
        _("Das Verzeichnis der Löschungen lässt sich nicht schreiben."),
        _("Ist der Ordner WIQ_LEDGER da und beschreibbar?"),
    ),
    "files": (
        _("Hochgeladene Dateien lassen sich nicht erreichen."),
        _("Stimmt WIQ_MEDIA_URL? Antwortet der Speicher? docs/howto/files.md"),
    ),
    "cache": (
        _("Valkey antwortet nicht."),
        _("Läuft Valkey? Stimmen Adresse und Passwort in REDIS_URL?"),
    ),
    "queue": (
        _("Valkey nimmt nichts an."),
        _("Ist seine Platte voll, oder der Speicher? docs/howto/runbook.md"),
    ),
    "worker": (
        _("Kein Worker gibt ein Lebenszeichen: E-Mails und neue Quartiere warten."),
        _("Den Worker neu starten und sein Protokoll lesen."),
    ),
    "beat": (
        _("Beat gibt kein Lebenszeichen: Was nachts zu tun ist, bleibt liegen."),
        _("Beat neu starten und sein Protokoll lesen."),
    ),
    "mail": (
        _("Der Mailserver nimmt von uns nichts an."),
        _("Seine Antwort steht unter „E-Mails, die nicht ankommen“."),
    ),
    "disk": (
        _("Auf der Platte ist fast kein Platz mehr."),
        _("Alte Sicherungen und Protokolle wegräumen oder die Platte vergrößern."),
    ),
}
