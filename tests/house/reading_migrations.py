"""The SQL of every migration of ours, in the order in which it runs."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django_tenants.routers import TenantSyncRouter
from django_tenants.utils import schema_context

from wiq.tenancy import PUBLIC

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Written:
    """One migration: its name, what its module says of it, and its statements."""

    name: str
    says: dict[str, Any]
    statements: tuple[str, ...]


def ours() -> set[str]:
    """Return the labels of the project's own apps."""
    return {
        config.label
        for config in apps.get_app_configs()
        if Path(config.path).is_relative_to(ROOT)
        and ".venv" not in Path(config.path).relative_to(ROOT).parts
    }


def statements_of(
    operations: list[Operation], app: str, state: ProjectState, schema: str
) -> Iterator[str]:
    """Return what operations would send in a schema, and bring ``state`` behind them.

    Python that a migration runs is left out: what it sends is known when it runs.
    """
    with schema_context(schema):
        for operation in operations:
            before = state.clone()
            operation.state_forwards(app, state)
            if operation.reduces_to_sql:
                with connection.schema_editor(collect_sql=True, atomic=False) as editor:
                    operation.database_forwards(app, editor, before, state)
                yield from editor.collected_sql


def every_migration(district: str) -> Iterator[Written]:
    """Return the project's migrations; those of rooms as the schema ``district`` gets them."""
    loader = MigrationLoader(None)
    state = ProjectState(real_apps=loader.unmigrated_apps)
    seen: set[Any] = set()
    for leaf in sorted(loader.graph.leaf_nodes()):
        for key in loader.graph.forwards_plan(leaf):
            if key in seen:
                continue
            seen.add(key)
            migration: Migration = loader.graph.nodes[key]
            if migration.app_label in ours():
                yield _written(migration, state, district)
            else:
                state = migration.mutate_state(state, preserve=False)


def _written(migration: Migration, state: ProjectState, district: str) -> Written:
    app = migration.app_label
    in_districts = TenantSyncRouter().app_in_list(app, settings.TENANT_APPS)
    schema = district if in_districts else PUBLIC
    statements = tuple(statements_of(migration.operations, app, state, schema))
    module = __import__(type(migration).__module__, fromlist=["Migration"])
    return Written(f"{app}.{migration.name}", vars(module), statements)
