"""``backup run``: log and files as they come, and each night a backup, its check and the rule."""

import signal
import subprocess
import sys
import time
from datetime import date, timedelta
from types import FrameType

import structlog
from django.conf import settings
from django.utils import timezone

from wiq.backups import catalogue, ledger_copy, record, wal
from wiq.backups.taking import wanted_recipients
from wiq.backups.targets import Target
from wiq.backups.trouble import BackupError
from wiq.erasures import ledger

log = structlog.get_logger(__name__)
PAUSE_SECONDS = 5.0
# As often as the log; no more than a tenth of the time, and at the latest after so long.
UPLOADS_SECONDS, MOST_SECONDS = 240.0, 600.0
# The check needs the backup; the rule removes only after both.
OF_THE_NIGHT = ("take", "check", "prune")


class _Night:
    """The night's work, in processes of their own: their memory goes with them."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.waiting: list[str] = []
        self.begun = self._last_due()

    def _last_due(self) -> date:
        now = timezone.localtime()
        return now.date() if now.hour >= settings.WIQ_BACKUP_HOUR else now.date() - timedelta(1)

    def tend(self) -> None:
        """Start what is due; one thing after the other, and nothing after what failed."""
        if self.process is not None:
            status = self.process.poll()
            if status is None:
                return
            if status:
                log.error("backup.failed", action=self.process.args)
                self.waiting = [word for word in self.waiting if word == "check"]
            self.process = None
        if self._last_due() > self.begun:
            self.begun = self._last_due()
            self.waiting = list(OF_THE_NIGHT)
        if self.waiting:
            command = [sys.executable, *_manage(), "backup", self.waiting.pop(0)]
            self.process = subprocess.Popen(command)

    def begin(self) -> None:
        """Do it now, because there is no backup yet."""
        self.waiting = list(OF_THE_NIGHT)

    def stop(self) -> None:
        _stop(self.process)


def _stop(process: "subprocess.Popen[bytes] | None") -> None:
    if process is not None and process.poll() is None:
        process.terminate()
        process.wait()


def _manage() -> list[str]:
    return [str(settings.BASE_DIR / "manage.py")]


class _Uploads:
    """Uploaded files, every few minutes, in a process of its own: a film holds up no log."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.began, self.due = 0.0, 0.0

    def tend(self) -> None:
        """Start what is due; where looking takes long, less often, and never all the time."""
        now = time.monotonic()
        if self.process is not None:
            if self.process.poll() is None:
                return
            if self.process.returncode:
                log.error("backup.files_wait", status=self.process.returncode)
            taken = now - self.began
            self.due = self.began + max(UPLOADS_SECONDS, min(10 * taken, taken + MOST_SECONDS))
            self.process = None
        if now >= self.due:
            self.began = now
            self.process = subprocess.Popen([sys.executable, *_manage(), "backup", "uploads"])

    def stop(self) -> None:
        _stop(self.process)


class _Ledger:
    """Brings the ledger off the machine whenever it has changed."""

    def __init__(self) -> None:
        self.seen: tuple[int, int] | None = None

    def tend(self, target: Target, recipients: list[str]) -> None:
        try:
            found = ledger.path().stat()
        except FileNotFoundError:
            return
        if self.seen != (found.st_mtime_ns, found.st_size):
            ledger_copy.bring(target, recipients)
            self.seen = (found.st_mtime_ns, found.st_size)


def run(target: Target) -> None:
    """Work until asked to stop (SIGTERM, SIGINT). Raises BackupError where settings are missing."""
    recipients = wanted_recipients()
    ends: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:
        ends.append(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    receiver, night, uploads, copied = wal.Receiver(), _Night(), _Uploads(), _Ledger()
    if not catalogue.finished(target):
        night.begin()
    try:
        while not ends:
            _turn(target, recipients, receiver, copied)
            night.tend()
            uploads.tend()
            time.sleep(PAUSE_SECONDS)
    finally:
        night.stop()
        uploads.stop()
        receiver.stop()


def _turn(target: Target, recipients: list[str], receiver: wal.Receiver, copied: _Ledger) -> None:
    """Bring away what has come; what fails is tried again, and told by its age meanwhile."""
    try:
        receiver.tend()
        wal.ship(target, recipients)
        copied.tend(target, recipients)
        record.note_log_left()
    except (BackupError, OSError) as error:
        log.error("backup.log_waits", reason=str(error))
