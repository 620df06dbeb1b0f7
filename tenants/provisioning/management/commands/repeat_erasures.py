"""Erase again what a restored backup brought back."""

from typing import Any

from django.core.management.base import BaseCommand

from tenants.provisioning import erasures


class Command(BaseCommand):
    """``repeat_erasures``"""

    help = "Erases in every district what the ledger says was erased since the backup was made."

    def handle(self, *args: Any, **options: Any) -> None:
        done = erasures.repeat_all()
        for slug, count in done.items():
            self.stdout.write(f"{slug}: {count} erasures that the database did not know")
        if not done:
            self.stdout.write("nothing to do")
