"""What a group of districts that stand alike needs: planned once, and done in each by SQL.

Django plans, renders the models' states and writes the SQL of a migration anew for every schema;
that takes fifty times as long as PostgreSQL needs to carry it out.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import connection, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django_tenants.utils import tenant_context
from psycopg.sql import SQL, Literal

from tenants.districts.models import District
from tenants.provisioning import grants
from tenants.provisioning.grants import NAME
from tenants.provisioning.schemas import LOCK_TIMEOUT, check_now
from wiq.database import as_owner
from wiq.database.engine import spreads

_RECORD = "INSERT INTO django_migrations (app, name, applied) VALUES ({}, {}, now())"


@dataclass(frozen=True)
class ByHand:
    """An operation that Python carries out, with the states before and after it."""

    operation: Operation
    app_label: str
    before: ProjectState
    after: ProjectState

    def run(self) -> None:
        """Carry it out in the current schema."""
        with connection.schema_editor(atomic=False) as editor:
            self.operation.database_forwards(self.app_label, editor, self.before, self.after)
        check_now()


@dataclass
class Recipe:
    """The steps that bring one district of a group to this version, and how many migrations."""

    count: int = 0
    steps: list["str | ByHand"] = field(default_factory=list)
    # With NAME for the district's schema and role.
    rights: list[str] = field(default_factory=list)

    def add_sql(self, statements: list[str]) -> None:
        """Add statements, to be sent together with those just before them."""
        text = "\n".join(each if each.endswith(";") else f"{each};" for each in statements)
        if not text:
            return
        if self.steps and isinstance(self.steps[-1], str):
            self.steps[-1] += f"\n{text}"
        else:
            self.steps.append(text)


@contextmanager
def working_in(district: District) -> Iterator[None]:
    """Work as the owner in a district's schema, in one transaction that waits for nobody long."""
    with tenant_context(district), as_owner(), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
        yield


def carry_out(recipe: Recipe, district: District) -> None:
    """Bring a district to this version, all or nothing; raise what PostgreSQL or Python raises."""
    rights = "\n".join(f"{each};".replace(NAME, district.schema_name) for each in recipe.rights)
    with working_in(district):
        for step in recipe.steps:
            if isinstance(step, ByHand):
                step.run()
            else:
                _send(step)
        if rights:
            _send(rights)


def collect(district: District, *, with_rights_of: District | None = None) -> Recipe | None:
    """Return what a district, and all that stand like it, need; None if it can't be said before.

    ``with_rights_of``: a district of the group that has been brought to this version, and whose
    rights became other ones. Changes nothing.

    None on several servers as well: rows of one migration and columns of the next share no
    transaction there (tenants.provisioning.schemas.migrate).
    """
    if spreads():
        return None
    recipe = Recipe()
    with tenant_context(district), as_owner():
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if not all(migration.atomic for migration, _backwards in plan):
            return None
        graph = executor.loader.graph
        known = [node for node in executor.loader.applied_migrations if node in graph.nodes]
        state = executor.loader.project_state(known)
        for migration, _backwards in plan:
            state = _add(recipe, migration, state)
    if with_rights_of is not None:
        recipe.rights = grants.of_schema(NAME, like=with_rights_of.schema_name)
    return recipe


def _add(recipe: Recipe, migration: Migration, state: ProjectState) -> ProjectState:
    """Add a migration to a recipe; return the state of the models after it."""
    editor = connection.schema_editor(collect_sql=True, atomic=False)
    with editor:
        for operation in migration.operations:
            after = state.clone()
            operation.state_forwards(migration.app_label, after)
            if _is_sql(operation):
                operation.database_forwards(migration.app_label, editor, state, after)
            else:
                recipe.add_sql(_taken(editor))
                # Rendered once, here: several connections use them at the same time.
                _ = state.apps, after.apps
                recipe.steps.append(ByHand(operation, migration.app_label, state, after))
            state = after
    recipe.add_sql([*_taken(editor), _record(migration)])
    recipe.count += 1
    return state


def _is_sql(operation: Operation) -> bool:
    """Tell whether nothing but SQL comes of an operation, however deep it lies in another."""
    return operation.reduces_to_sql and all(
        _is_sql(inner) for inner in getattr(operation, "database_operations", ())
    )


def _taken(editor: BaseDatabaseSchemaEditor) -> list[str]:
    """Take the statements that an editor has collected so far."""
    found = [each for each in editor.collected_sql if not each.startswith("--")]
    editor.collected_sql.clear()
    return found


def _record(migration: Migration) -> str:
    """Return the statement that notes a migration as done, as Django's recorder does."""
    names = SQL(_RECORD).format(Literal(migration.app_label), Literal(migration.name))
    return names.as_string(connection.connection)


def _send(text: str) -> None:
    """Send statements to the current schema in one message."""
    with connection.cursor() as cursor:
        cursor.execute(text)
