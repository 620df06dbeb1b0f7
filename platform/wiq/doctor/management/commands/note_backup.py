"""``note_backup``: note that a backup was made just now, for the doctor."""

from typing import Any

from django.core.management.base import BaseCommand
from django_redis import get_redis_connection

from wiq import signs


class Command(BaseCommand):
    help = "Note that a backup was made just now; platform/deploy/backup calls it at its end."

    def handle(self, *args: Any, **options: Any) -> None:
        signs.leave_backup(get_redis_connection("platform"))
