"""Bring every schema to this version."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from tenants.districts import services as districts
from tenants.districts.models import District
from tenants.kit import services as kit
from tenants.provisioning import functions, grants, schemas, template


class Command(BaseCommand):
    """``migrate_districts``: the public schema first, then each district, each all or nothing."""

    help = "Migrates the public schema and the schema of every district."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            grants.create_roles()
        except grants.MissingRights as error:
            raise CommandError(str(error)) from None
        call_command("migrate_schemas", shared=True, interactive=False, verbosity=0)
        grants.grant_public()
        functions.install()
        if template.build():
            self.stdout.write("template: brought to this version")
        kit.load_shipped(actor="migration")
        if districts.relock_keys():
            self.stdout.write("keys of links: encrypted with the new SECRET_KEY")
        failed: list[str] = []
        for district in District.objects.exclude(state="deleted").order_by("pk"):
            try:
                count = schemas.migrate(district)
            except Exception as error:
                failed.append(district.slug)
                self.stderr.write(f"{district.slug}: {type(error).__name__}: {error}")
            else:
                if count or options["verbosity"] > 1:
                    self.stdout.write(f"{district.slug}: {count} migrations")
        if failed:
            raise CommandError(f"Failed, and unchanged: {', '.join(failed)}. Run it once more.")
