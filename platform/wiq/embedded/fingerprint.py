"""Whether a database was already brought to this version: told from files, without Django."""

import hashlib
from pathlib import Path

FOLDERS = ("platform", "tenants", "directory", "api")


def fingerprint(root: Path, database_url: str) -> str:
    """Return a word for this database, our migrations and the packages' versions.

    The room that prepares databases counts as a whole: its grants, functions and template are
    brought in by ``migrate_districts`` as migrations are.
    """
    files = [root / "requirements" / "base.txt"]
    files += sorted((root / "tenants" / "provisioning").glob("*.py"))
    for folder in FOLDERS:
        files += sorted((root / folder).glob("**/migrations/*.py"))
    digest = hashlib.sha256(database_url.encode())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()
