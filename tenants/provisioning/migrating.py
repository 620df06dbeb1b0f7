"""Bringing the schemas to this version: first what all share, then each district by itself.

A district whose migration fails stays as it was, is noted in its row, and holds up no other: the
platform starts without it (docs/decisions/0033-failed-migrations.md).
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import structlog
from django.core.management import call_command
from django.db import OperationalError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django_tenants.utils import schema_context
from psycopg.errors import LockNotAvailable

from tenants.districts import services as districts
from tenants.districts import turns
from tenants.districts.models import District
from tenants.kit import services as kit
from tenants.provisioning import functions, grants, recipes, schemas, standings, template
from tenants.provisioning.connections import over_several
from tenants.provisioning.recipes import Recipe
from wiq.database import as_owner
from wiq.logs import redact
from wiq.outbox import budget
from wiq.tenancy import PUBLIC

log = structlog.get_logger(__name__)
# Between the tries at a table that somebody holds.
PAUSES_SECONDS = (0.5, 1, 2, 4, 8)

Result = TypeVar("Result")


@dataclass(frozen=True)
class Outcome:
    """What became of a district's migration: how many ran, or why it failed."""

    district: District
    count: int
    error: str = ""


def migrate_platform() -> bool:
    """Bring everything to this version that districts share; tell whether the template changed.

    Raises MissingRights, and whatever a migration raises: without this, nothing can start.
    """
    grants.create_roles()
    call_command("migrate_schemas", shared=True, interactive=False, verbosity=0)
    grants.grant_public()
    functions.install()
    budget.install(grants.APP_ROLE, grants.DISTRICT_ROLE)
    changed = template.build()
    kit.load_shipped(actor="migration")
    if districts.relock_keys():
        log.info("signing.keys_locked_anew")
    return changed


def migrate(district: District) -> Outcome:
    """Bring one district to this version, all or nothing, and note in its row how it went."""
    return _noted(district, lambda: schemas.migrate(district))


def migrate_all(districts: Iterable[District]) -> Iterator[Outcome]:
    """Bring many districts to this version, over several connections; yield how each went.

    Districts that stand alike need the same: one of each group goes first, the way Django goes,
    and shows it. If that one needed nothing, the others are not even asked.
    """
    for group in standings.groups(districts):
        yield from _migrate_group(group)


def _migrate_group(group: list[District]) -> Iterator[Outcome]:
    """Bring districts that stand alike to this version."""
    before = standings.read([group[0].schema_name])[group[0].schema_name]
    rest = iter(group)
    # One that fails says nothing of the others: the next one goes first.
    for canary in rest:
        outcome = migrate(canary)
        yield outcome
        if not outcome.error:
            break
    others = list(rest)
    if not others:
        return
    after = standings.read([canary.schema_name])[canary.schema_name]
    if after == before:
        yield from (_without_work(district) for district in others)
        return
    recipe = recipes.collect(
        others[0], with_rights_of=canary if after.rights != before.rights else None
    )
    if recipe is None:
        yield from map(migrate, others)
        return
    work = partial(_by_recipe, recipe)
    yield from over_several(work, others, choose=_waited_for)


def _waited_for(left: Sequence[District]) -> int:
    """Return the place of a district whose visitors wait for it, else the first."""
    asked = turns.asked_for()
    return next((place for place, one in enumerate(left) if one.schema_name in asked), 0)


def _without_work(district: District) -> Outcome:
    """Note a district that has been brought to this version by other means, and is no more behind.

    Raises nothing.
    """
    return _done(district, 0)


def _by_recipe(recipe: Recipe, district: District) -> Outcome:
    """Bring a district to this version by the recipe of its group; else the way Django goes.

    It may look like its group and differ in its tables.
    """
    try:
        patiently(lambda: recipes.carry_out(recipe, district))
    except Exception as error:
        log.info("district.not_by_recipe", schema=district.schema_name, error=_words(error))
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
        return migrate(district)
    return _done(district, recipe.count)


def _noted(district: District, work: Callable[[], int]) -> Outcome:
    """Do the work; note in the district's row if it failed, or if it had failed before."""
    try:
        count = patiently(work)
    except Exception as error:
        words = _words(error)
        log.error("district.migration_failed", schema=district.schema_name, error=words)
        if not connection.in_atomic_block:  # the connection may be what failed
            connection.close_if_unusable_or_obsolete()
        districts.note_failed_migration(district, words)
        return Outcome(district, 0, words)
    return _done(district, count)


def _done(district: District, count: int) -> Outcome:
    """Note in the district's row that it stands, if it had failed before."""
    if district.is_behind:
        districts.note_mended_migration(district)
    return Outcome(district, count)


def patiently(work: Callable[[], Result]) -> Result:
    """Do the work; while somebody holds a table that it needs, let others pass and try again.

    In a transaction of the caller's, what failed is taken back first: else nothing can follow it.

    Raises what ``work`` raises, after the last pause also that a table is held.
    """
    for pause in PAUSES_SECONDS:
        try:
            with transaction.atomic() if connection.in_atomic_block else nullcontext():
                return work()
        except OperationalError as error:
            if not isinstance(error.__cause__, LockNotAvailable):
                raise
            time.sleep(pause)
    return work()


def waiting_on_the_platform() -> list[str]:
    """Return the migrations of the public schema that have not run."""
    with schema_context(PUBLIC):
        return _planned()


def waiting_in(schema_name: str) -> list[str]:
    """Return the migrations of a district's schema that have not run."""
    with schema_context(schema_name), as_owner():
        return _planned()


def known_schemas() -> dict[str, str]:
    """Return the schema of each district by its short name, also of tables of an older version."""
    if District._meta.db_table not in connection.introspection.table_names():
        return {}
    return dict(District.objects.holding_data().values_list("slug", "schema_name"))


def _planned() -> list[str]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def _words(error: Exception) -> str:
    """Return an error's first line without what residents wrote: the row it quotes, addresses."""
    first = (redact(str(error)).splitlines() or [""])[0]
    return f"{type(error).__name__}: {first}"
