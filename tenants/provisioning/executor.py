"""django-tenants' own command ``migrate_schemas`` migrates districts as ours does."""

from typing import Any

from django_tenants import migration_executors as executors
from django_tenants.migration_executors.base import MigrationExecutor, run_migrations

from tenants.districts.models import District
from tenants.provisioning import migrating

# What asks for something else than bringing everything to this version.
OTHER_WISHES = ("app_label", "migration_name", "fake", "fake_initial", "plan", "check_unapplied",
                "prune", "run_syncdb")  # fmt: skip


class BatchExecutor(MigrationExecutor):
    """Migrates districts in groups of those that stand alike (tenants.provisioning.migrating)."""

    codename = "batch"

    def run_migrations(self, tenants: list[str] | None = None) -> None:
        """Migrate these schemas; raise RuntimeError that names those that failed."""
        schemas = list(tenants or [])
        if self.PUBLIC_SCHEMA_NAME in schemas:
            run_migrations(self.args, self.options, self.codename, self.PUBLIC_SCHEMA_NAME)
            schemas.remove(self.PUBLIC_SCHEMA_NAME)
        if not schemas:
            return
        if any(self.options.get(wish) for wish in OTHER_WISHES):
            executors.StandardExecutor(self.args, self.options).run_migrations(schemas)
            return
        wanted = District.objects.holding_data().filter(schema_name__in=schemas)
        failed = [each.district.slug for each in migrating.migrate_all(wanted) if each.error]
        if failed:
            raise RuntimeError(f"Failed, and unchanged: {', '.join(failed)}.")


def get_executor(codename: str | None = None) -> Any:
    """Return the class with this name; without one, the one for groups (GET_EXECUTOR_FUNCTION)."""
    if codename in (None, BatchExecutor.codename):
        return BatchExecutor
    return executors.get_executor(codename)
