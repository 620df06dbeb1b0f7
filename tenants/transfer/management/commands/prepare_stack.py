"""What run.py does to the database at every start."""

import hashlib
import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from tenants.provisioning import services as provisioning
from tenants.transfer import demo


class Command(BaseCommand):
    """``prepare_stack [--demo]``: migrate, then import the demo districts that are missing."""

    help = "Brings the database of run.py's stack to this version."
    # `run.py lint` runs the checks; at every start they would only cost half a second.
    requires_system_checks: list[str] = []  # noqa: RUF012

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--demo", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        prepared = Path(settings.WIQ_STATE) / "prepared"
        fingerprint = migrations_fingerprint()
        if not prepared.exists() or prepared.read_text() != fingerprint:
            call_command("migrate_districts")
            prepared.write_text(fingerprint)
        provisioning.follow_domain()
        if options["demo"]:
            demo.import_missing()
            self.set_up_accounts()

    def set_up_accounts(self) -> None:
        """Create the demo accounts, or give them the new password; hashing is slow, so only then."""
        password = os.environ.get("WIQ_DEMO_PASSWORD", "")
        marker = Path(settings.WIQ_STATE) / "demo-accounts"
        digest = hashlib.sha256(f"{settings.SECRET_KEY}{password}".encode()).hexdigest()
        if not password or (marker.exists() and marker.read_text() == digest):
            return
        demo.set_up_accounts(password)
        marker.write_text(digest)


def migrations_fingerprint() -> str:
    """Return a word for this database, our migrations and the packages' versions."""
    root = Path(settings.BASE_DIR)
    files = [root / "requirements" / "base.txt"]
    for folder in ("platform", "tenants", "directory", "api"):
        files += sorted((root / folder).glob("**/migrations/*.py"))
    database = settings.DATABASES["default"]
    place = [str(database.get(name)) for name in ("HOST", "PORT", "NAME")]
    digest = hashlib.sha256("\n".join(place).encode())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()
