"""Creating and migrating the schemas of districts."""

from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django_tenants.utils import quote_schema_name, tenant_context

from tenants.districts.models import District
from tenants.provisioning import functions, grants
from wiq.database import as_owner


def migrate(district: District) -> int:
    """Migrate one district's schema, all or nothing; return how many migrations ran.

    The executor is Django's own; the router of django-tenants decides which tables belong here.
    """
    with tenant_context(district), as_owner(), transaction.atomic():
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if plan:
            executor.migrate(executor.loader.graph.leaf_nodes(), plan)
        grants.grant_district(district.schema_name)
    return len(plan)


def create(district: District) -> None:
    """Create a new district's schema like the template, in the caller's transaction."""
    functions.create_schema(district.schema_name)


def create_by_migrating(district: District) -> None:
    """Create a new district's schema by running all migrations: slow, for comparison."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {quote_schema_name(district.schema_name)}")
    migrate(district)
