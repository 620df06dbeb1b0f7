"""What run.py does to the database at every start."""

import hashlib
import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, connection
from django_redis import get_redis_connection
from redis.exceptions import RedisError

from tenants.districts import services as districts
from tenants.districts.models import District
from tenants.provisioning import erasures
from tenants.provisioning import services as provisioning
from tenants.transfer import demo
from wiq.embedded.fingerprint import fingerprint


class Command(BaseCommand):
    """``prepare_stack [--demo]``: migrate, then import the demo districts that are missing."""

    help = "Brings the database of run.py's stack to this version."
    # `run.py lint` runs the checks; here they would delay every start by half a second.
    requires_system_checks: list[str] = []  # noqa: RUF012

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--demo", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            connection.ensure_connection()
        except OperationalError as error:
            reason = str(error).strip().splitlines()[0]
            raise CommandError(f"the database can't be reached: {reason}") from None
        try:
            get_redis_connection("default").ping()
        except RedisError as error:
            raise CommandError(f"Valkey can't be reached: {error}") from None
        prepared = Path(settings.WIQ_STATE) / "prepared"
        known = fingerprint(Path(settings.BASE_DIR), os.environ["DATABASE_URL"])
        if not prepared.exists() or prepared.read_text() != known:
            call_command("migrate_districts")
            # A district whose migration failed is tried again at the next start.
            if not District.objects.behind().exists():
                prepared.write_text(known)
        erasures.repeat_named()
        provisioning.follow_domain()
        districts.relock_keys()
        if options["demo"]:
            demo.import_missing()
            self.set_up_accounts()

    def set_up_accounts(self) -> None:
        """Create the demo accounts or change their password, if needed: hashing is slow."""
        password = os.environ.get("WIQ_DEMO_PASSWORD", "")
        marker = Path(settings.WIQ_STATE) / "demo-accounts"
        digest = hashlib.sha256(f"{settings.SECRET_KEY}{password}".encode()).hexdigest()
        if not password or (marker.exists() and marker.read_text() == digest):
            return
        demo.set_up_accounts(password)
        marker.write_text(digest)
