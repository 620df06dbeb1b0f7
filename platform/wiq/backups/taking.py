"""Taking a backup: the database whole or what changed since the last one, files, and witnesses."""

import json
import shutil
import subprocess
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, cast

from django.conf import settings

from wiq.backups import catalogue, files, ledger_copy, record, server, witnesses
from wiq.backups.catalogue import FULL, INCREMENTAL, Backup
from wiq.backups.sealing import Feed, Write, seal
from wiq.backups.targets import Target
from wiq.backups.trouble import BackupError, Why, last_words

MANIFEST, RECIPIENTS = "backup_manifest", "recipients"
# A clock that was set back by more has made a backup of the future.
CLOCKS_APART = timedelta(hours=1)
BUFFER = 1 << 20
SYSTEM = "SELECT system_identifier FROM pg_control_system()"
SEGMENT_BYTES = "SELECT setting FROM pg_settings WHERE name = 'wal_segment_size'"


def take(target: Target) -> Backup:
    """Make a backup and return what is known of it. Raises BackupError; then it counts for nothing.

    It builds on the last one where that one can be built on (``_parent``); else it is a full one.
    """
    recipients = wanted_recipients()
    known = catalogue.finished(target)
    began = datetime.now(UTC)
    backup_id = catalogue.next_id(target)
    with server.connect() as connection:
        system = str(server.one(connection, SYSTEM))
        parent = _parent(target, known, system, began)
        base = _Base(_list_of(parent.id) if parent else None)
        stored = seal(base.feed, recipients, target, catalogue.key(backup_id, "base.tar.gz.age"))
        about: dict[str, Any] = {
            "system": system,
            "base": stored,
            "first_segment": base.first_segment(connection),
            "witnesses": witnesses.call(connection, backup_id),
            "version": str(server.one(connection, "SHOW server_version")),
            "segment_bytes": int(server.one(connection, SEGMENT_BYTES)),
            "districts": len(witnesses.districts(connection)),
        }
    packed = files.Packing(files.read_list(_folder(parent.id)) if parent else None)
    about["files"] = seal(
        packed.feed, recipients, target, catalogue.key(backup_id, "files.tar.gz.age")
    )
    ledger_copy.bring(target, recipients)
    about |= {"kind": INCREMENTAL, "parent": parent.id} if parent else {"kind": FULL, "parent": ""}
    ended = datetime.now(UTC).isoformat()
    backup = Backup(id=backup_id, began=began.isoformat(), ended=ended, **about)
    catalogue.write(target, backup)
    _remember(backup_id, base.manifest, packed, recipients)
    return backup


def wanted_recipients() -> list[str]:
    """Return the public keys that may open a backup. Raises BackupError where there are none."""
    recipients: list[str] = settings.WIQ_BACKUP_RECIPIENTS
    if not recipients:
        raise BackupError(Why.SETTINGS, "WIQ_BACKUP_RECIPIENTS")
    return recipients


def _folder(backup_id: str) -> Path:
    return Path(settings.WIQ_BACKUP_STATE) / "taken" / backup_id


def _list_of(backup_id: str) -> Path:
    return _folder(backup_id) / MANIFEST


def begin_anew() -> None:
    """Let the next backup be a full one, which builds on nothing."""
    shutil.rmtree(Path(settings.WIQ_BACKUP_STATE) / "taken", ignore_errors=True)


def _parent(
    target: Target, known: Mapping[str, Backup], system: str, now: datetime
) -> Backup | None:
    """Return the backup that the next one builds on; None where it has to be a full one.

    That is where the last full one is older than ``WIQ_BACKUP_FULL_DAYS`` or from the future, a
    part of the chain is missing or was found damaged, other keys are to open the next one, or this
    machine does not have the last one's list of files.
    """
    if not known:
        return None
    newest = list(known.values())[-1]
    try:
        links = catalogue.chain(known, newest)
        catalogue.look_for(target, links)
    except BackupError as error:
        if error.why not in (Why.CHAIN, Why.BROKEN):
            raise
        return None
    age = now - links[0].done
    is_young = -CLOCKS_APART < age < timedelta(days=settings.WIQ_BACKUP_FULL_DAYS)
    is_whole = not record.was_damaged({link.id for link in links})
    fits = is_young and is_whole and newest.system == system
    return newest if fits and _is_remembered(newest.id) else None


def _is_remembered(backup_id: str) -> bool:
    """Tell whether this machine has what the next backup needs of one, made for the same keys."""
    folder = _folder(backup_id)
    try:
        recipients = (folder / RECIPIENTS).read_text().split()
    except OSError:
        return False
    is_there = _list_of(backup_id).is_file() and files.read_list(folder) is not None
    return is_there and recipients == wanted_recipients()


def _remember(
    backup_id: str, manifest: bytes, packed: files.Packing, recipients: Sequence[str]
) -> None:
    """Keep what the next backup builds on, and nothing older."""
    folder = _folder(backup_id)
    for older in folder.parent.glob("*"):
        shutil.rmtree(older)
    folder.mkdir(mode=0o700, parents=True)
    packed.write_list(folder)
    (folder / MANIFEST).write_bytes(manifest)
    (folder / RECIPIENTS).write_text("\n".join(recipients))


class _Base:
    """A stream of ``pg_basebackup``, looked through on its way for the list of its files."""

    def __init__(self, since: Path | None) -> None:
        """``since`` is the list of the backup on which it builds."""
        self.since = since
        self.manifest = b""

    @property
    def feed(self) -> Feed:
        return self._feed

    def _feed(self, write: Write) -> None:
        # With the log that it needs, so that it stands by itself.
        words = ["--pgdata=-", "--format=tar", "--wal-method=fetch", "--checkpoint=fast",
                 "--no-password", "--manifest-checksums=SHA256"]  # fmt: skip
        if self.since is not None:
            words.append(f"--incremental={self.since}")
        with TemporaryFile() as said, subprocess.Popen(
            [server.program("pg_basebackup"), *words], env=server.environment(), cwd="/",
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said,
        ) as process:  # fmt: skip
            assert process.stdout is not None
            error: BaseException | None = None
            try:
                self._look_through(_Tee(process.stdout, write))
            except tarfile.TarError as cut:
                error = cut
            except BaseException:
                process.kill()
                raise
            if process.wait() or error or not self.manifest:
                said.seek(0)
                words_said = said.read().decode(errors="replace")
                raise BackupError(Why.DATABASE, last_words(words_said))

    def _look_through(self, tee: "_Tee") -> None:
        with tarfile.open(mode="r|", fileobj=cast(IO[bytes], tee), bufsize=BUFFER) as archive:
            for member in archive:
                if member.name == MANIFEST:
                    found = archive.extractfile(member)
                    assert found is not None
                    self.manifest = found.read()
                # It would remember each of millions of files.
                archive.members = []  # type: ignore[attr-defined]
        while tee.read(BUFFER):
            pass

    def first_segment(self, connection: server.Connection) -> str:
        """Return the part of the log where a restore begins to read."""
        span: dict[str, Any] = json.loads(self.manifest)["WAL-Ranges"][0]
        name = str(server.one(connection, "SELECT pg_walfile_name(%s)", [span["Start-LSN"]]))
        return f"{span['Timeline']:08X}{name[8:]}"


@dataclass
class _Tee:
    """Reads, and writes the same to somebody else."""

    source: IO[bytes]
    write: Write

    def read(self, size: int) -> bytes:
        data = self.source.read(size)
        self.write(data)
        return data
