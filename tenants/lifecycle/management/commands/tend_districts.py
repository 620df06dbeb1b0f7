"""What happens every night, now."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django_tenants.utils import tenant_context

from tenants.districts.models import District
from tenants.lifecycle import services
from wiq.database.weight import let_go_if_heavy


class Command(BaseCommand):
    """``tend_districts``: forget what is due and ask "Stimmt das noch?", in every district."""

    help = "Does in every district what Celery does each night."

    def handle(self, *args: Any, **options: Any) -> None:
        failed: list[str] = []
        for district in District.objects.tended():
            try:
                with tenant_context(district):
                    done = services.tend()
            except Exception as error:
                failed.append(district.slug)
                self.stderr.write(f"{district.slug}: {type(error).__name__}")
            else:
                self.stdout.write(f"{district.slug}: {done}")
            let_go_if_heavy()
        if failed:
            raise CommandError(f"Failed: {', '.join(failed)}. Run it once more.")
