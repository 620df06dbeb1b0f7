"""The ledger of erasures, off the machine: always its newest copy, never one of an older time.

A restore brings back what was erased since; the ledger, which no restore turns back, erases it
again (docs/decisions/0062-erasure-ledger.md).
"""

from collections.abc import Sequence
from pathlib import Path

from wiq.backups.catalogue import LEDGER
from wiq.backups.sealing import of_file, seal, unseal
from wiq.backups.targets import Target
from wiq.erasures import ledger

KEY = f"{LEDGER}erasures.jsonl.gz.age"


def bring(target: Target, recipients: Sequence[str]) -> None:
    """Bring a copy to the target, where there is a ledger. Raises BackupError."""
    if ledger.path().exists():
        seal(of_file(ledger.path()), recipients, target, KEY)


def fetch(target: Target, identity: Path, place: Path) -> bool:
    """Write the copy to a file; tell whether there was one. Raises BackupError."""
    if KEY not in target.listed(LEDGER):
        return False
    with place.open("wb") as file:
        unseal(target, KEY, identity, file.write, None)
    return True


def join(copy: Path) -> int:
    """Add what this machine's ledger does not know yet; return how many lines. Raises OSError."""
    known = {line.uuid for line in ledger.lines()}
    missing = [line for line in ledger.lines_of(copy) if line.uuid not in known]
    if missing:
        ledger.append(missing)
    return len(missing)
