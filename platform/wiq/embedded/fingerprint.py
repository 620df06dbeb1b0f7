"""Tells from files alone, without Django, whether a database is already at this version."""

import hashlib
from pathlib import Path

FOLDERS = ("platform", "tenants", "directory", "api")


def fingerprint(root: Path, database_url: str) -> str:
    """Return a digest of this database, our migrations and the packages' versions.

    It includes all of the provisioning room: ``migrate_districts`` applies its grants, functions
    and template just as it applies migrations.
    """
    files = [root / "requirements" / "base.txt"]
    files += sorted((root / "tenants" / "provisioning").glob("*.py"))
    for folder in FOLDERS:
        files += sorted((root / folder).glob("**/migrations/*.py"))
    digest = hashlib.sha256(database_url.encode())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()
