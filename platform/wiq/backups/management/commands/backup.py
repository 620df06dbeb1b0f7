"""``backup take|uploads|check|fetch|restore|prune|list|run``: docs/howto/backups.md."""

import time
from argparse import ArgumentParser
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation
from django.utils.dateparse import parse_date, parse_datetime

from wiq.backups import (
    catalogue,
    checking,
    fetching,
    files,
    keeping,
    ledger_copy,
    passes,
    record,
    running,
    scratch,
    taking,
    turns,
)  # fmt: skip
from wiq.backups.fetching import Places
from wiq.backups.target_address import target_of
from wiq.backups.targets import Target
from wiq.backups.trouble import BackupError, Why, of_machine


def moment(word: str) -> datetime:
    """Return a moment as people write it, by the clock of this installation where none is named.

    Raises ValueError, also for a day alone: Python reads its first second, without all of the day.
    """
    found = parse_datetime(word)
    if found is None or parse_date(word) is not None:
        raise ValueError("no moment")
    return found if timezone.is_aware(found) else timezone.make_aware(found)


class Command(BaseCommand):
    help = "Take, check, fetch and prune backups: database, files, ledger; encrypted, elsewhere."
    # Also on an empty machine, where there is no database yet.
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        take = actions.add_parser("take", help="a backup now: what changed, or all once a week")
        take.add_argument("--full", action="store_true", help="all of it, building on nothing")
        actions.add_parser("uploads", help="the files that came since the last time")
        actions.add_parser("check", help="restore one district of the newest backup, and compare")
        actions.add_parser("prune", help="remove what WIQ_BACKUP_KEEP does not keep")
        actions.add_parser("list", help="what there is")
        actions.add_parser("run", help="all of it, always: the log as it comes, the rest at night")
        fetch = actions.add_parser("fetch", help="bring data/, wal/ and files/ into a folder")
        restore = actions.add_parser(
            "restore", help="bring the database back onto an empty machine"
        )
        fetch.add_argument("folder", type=Path)
        restore.add_argument("folder", type=Path, help="PostgreSQL's data folder")
        uploads = actions.add_parser("restore_files", help="bring files and ledger back")
        for parser_of_one in (fetch, restore, uploads):
            parser_of_one.add_argument("--at", type=moment, help="as it was then")
            parser_of_one.add_argument("--backup", default="", help="its id, see list")

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        with translation.override("en"):
            try:
                target = target_of(settings.WIQ_BACKUP_URL)
                getattr(self, f"_{action}")(target, options)
            except BackupError as error:
                raise CommandError(str(error), returncode=1) from None
            except OSError as error:
                raise CommandError(str(of_machine(error)), returncode=1) from None

    def _take(self, target: Target, options: Any) -> None:
        with turns.alone(self.stderr.write):
            if options["full"]:
                taking.begin_anew()
            backup = taking.take(target)
        record.note_taken()
        self.stdout.write(f"{backup.id} {backup.kind} {backup.size / 1e6:.1f} MB")

    def _uploads(self, target: Target, options: Any) -> None:
        began = time.time()
        brought = passes.bring(target, taking.wanted_recipients())
        if brought is None:
            self.stdout.write("there is no backup yet; the first one brings all files")
            return
        record.note_files_left(began)
        if brought:
            self.stdout.write(f"{brought} files")

    def _check(self, target: Target, options: Any) -> None:
        with turns.alone(self.stderr.write):
            found = checking.check(target)
        if not found.is_well:
            raise CommandError(str(found), returncode=1)
        self.stdout.write(f"{found.backup}: {found.schema} is whole, {found.rows} rows")

    def _prune(self, target: Target, options: Any) -> None:
        with turns.alone(self.stderr.write):
            gone = keeping.prune(target)
        for backup_id in gone:
            self.stdout.write(f"{backup_id} removed")

    def _list(self, target: Target, options: Any) -> None:
        for backup in catalogue.finished(target).values():
            done = backup.done.astimezone(UTC).isoformat(timespec="seconds")
            size = f"{backup.size / 1e6:.1f} MB"
            self.stdout.write(f"{backup.id} {backup.kind} {size} done {done} {backup.parent}")

    def _run(self, target: Target, options: Any) -> None:
        running.run(target)

    def _fetch(self, target: Target, options: Any) -> None:
        folder: Path = options["folder"].absolute()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        places = Places.inside(folder)
        backup = fetching.fetch(target, places, options["at"], options["backup"])
        self.stdout.write(f"{backup.id} is in {places.data}, its log in {places.wal}")

    def _restore(self, target: Target, options: Any) -> None:
        data: Path = options["folder"].absolute()
        if data.exists() and any(data.iterdir()):
            raise BackupError(Why.FOLDER, str(data))
        if data.exists():
            data.rmdir()
        data.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        wal = data / "restored_wal"
        try:
            backup = fetching.server_of(target, data, wal, options["at"], options["backup"])
        except BaseException:
            rmtree(data, ignore_errors=True)
            raise
        fetching.make_ready(data, wal, options["at"])
        # In a container PostgreSQL's own start does it.
        with suppress(PermissionError):
            scratch.give(data)
        self.stdout.write(f"{backup.id} is in {data}: start PostgreSQL, and it reads the log")

    def _restore_files(self, target: Target, options: Any) -> None:
        state: Path = settings.WIQ_BACKUP_STATE
        state.mkdir(mode=0o700, parents=True, exist_ok=True)
        with TemporaryDirectory(dir=state) as folder:
            uploads, copy = Path(folder) / "files", Path(folder) / "erasures.jsonl"
            fetching.uploads(target, uploads, copy, options["at"], options["backup"])
            brought, lines = files.bring_back(uploads), ledger_copy.join(copy)
        self.stdout.write(f"{brought} files and {lines} lines of the ledger are back")
