"""Restoring a district under its own name while all others work (docs/decisions/0106).

``prepare`` fills a schema beside the district's own, ``swap`` lets the two change places in one
transaction. What was the district until then is kept for a week; ``swap`` leads back to it.
"""

import secrets
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import structlog
from django.core.exceptions import ValidationError
from django.db import Error, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context, tenant_context

from directory.solutions import services as solutions
from tenants.districts import lookup
from tenants.districts import services as districts
from tenants.districts.models import District
from tenants.provisioning import functions, migrating, schemas
from tenants.provisioning.locks import held
from tenants.provisioning.models import Beside
from tenants.restoring import belongings, carrying, comparing, copying, files
from tenants.restoring.backups import Opened, Say, opened
from tenants.restoring.belongings import Known
from tenants.restoring.carrying import within
from tenants.restoring.copying import Misfit
from tenants.restoring.scratch import BackupError
from tenants.restoring.steps import Step
from tenants.restoring.turns import alone, check_wanted
from wiq.actors import Actor
from wiq.audit import services as audit
from wiq.database.engine import spreads
from wiq.tenancy import PUBLIC

log = structlog.get_logger(__name__)
# So long there is a way back, and so long a comparison waits for its answer.
KEPT, WAITS = timedelta(days=7), timedelta(days=1)
# What nobody works on after so long was left by a process that is gone.
LEFT = timedelta(hours=6)
FILES_NAMED = 20


def prepare(
    district: District,
    path: Path,
    *,
    at: str = "",
    say: Say = lambda step: None,
    beside: Beside | None = None,
) -> Beside:
    """Fill a schema beside the district's own from a backup, and compare the two.

    Nothing changes for anybody. ``beside`` is the order, if there is one.

    Raises BackupError, and ValidationError where the district can't be restored now.
    """
    check(district)
    with alone(district):
        if beside is not None:
            check_wanted(beside)
        return _prepared(district, path, at, say, beside)


def _prepared(district: District, path: Path, at: str, say: Say, beside: Beside | None) -> Beside:
    with opened(path, district, at=at, say=say) as backup:
        row = beside or new_row(district, backup.origin)
        return filled(district, row, partial(_copy, backup), say=say)


def check(district: District) -> None:
    """Raise ValidationError where a district can't be restored by itself."""
    if spreads():
        raise ValidationError(
            _("Auf mehreren Datenbankservern lässt sich ein einzelnes Quartier noch nicht wiederherstellen.")
        )  # fmt: skip
    district.check_up_to_date()


def new_row(district: District, origin: str) -> Beside:
    """Return the row of a schema that is to stand beside a district's; it is not saved."""
    return Beside(
        schema_name=f"d_{secrets.token_hex(8)}", district_id=district.pk, origin=origin[:300],
        until=timezone.now() + WAITS,
    )  # fmt: skip


def filled(
    district: District, beside: Beside, fill: Callable[[District], dict[str, Any]], *, say: Say
) -> Beside:
    """Make a schema beside a district's, let ``fill`` write its rows, and compare.

    ``fill`` gets the district within the new schema and returns what the public schema held then.
    """
    name = beside.schema_name
    restored = within(district, name)
    with held(name):
        with transaction.atomic():
            functions.drop_schema(name)  # of a try that was killed
            functions.create_schema(name)
            beside.save()
        try:
            with tenant_context(restored), transaction.atomic():
                found = fill(restored)
            say(Step.COPIED)
            carrying.carry_over(district, restored, beside)
            say(Step.ERASED)
            beside.details |= found | {"missing": files.missing(district, restored)}
            beside.comparison = comparing.compare(district, restored)
            beside.stage, beside.words = Beside.Stage.READY, ""
            beside.save()
        except Misfit as error:
            drop(beside)
            raise BackupError(f"{beside.origin}: the tables differ ({error}).") from None
        except BaseException:
            with suppress(Error):
                drop(beside)
            raise
    return beside


def _copy(backup: Opened, restored: District) -> dict[str, Any]:
    with backup.connect() as source:
        copying.from_backup(source, backup.schema_name, str(restored.schema_name))
        return belongings.of_backup(source, backup.schema_name)


def swap(district: District, beside: Beside, *, actor: Actor) -> Beside:
    """Let a schema that stands beside become the district's own; return what is kept.

    The other way round it is the way back. Raises ValidationError if it can't be swapped now.
    """
    check(district)
    if beside.stage not in (Beside.Stage.READY, Beside.Stage.KEPT):
        raise ValidationError(_("Diese Wiederherstellung ist noch nicht so weit."))
    undoes = _undoes(beside)
    restored = within(district, beside.schema_name)
    with alone(district), held(beside.schema_name):
        check_unchanged(beside)
        _bring_up_to_date(district, restored)
        carrying.carry_over(district, restored, beside)
        known = belongings.known_in(restored)
        migrating.patiently(lambda: _swap(district, beside, known, actor=actor))
        own = District.objects.get(pk=district.pk)
        carrying.erase_the_last(within(own, beside.schema_name), own)
        with tenant_context(own):
            details = {"from": beside.origin}
            if undoes:
                audit.record_change(
                    "district.restore_undone", None, actor=audit.SYSTEM, details=details
                )
            else:
                audit.record_change("district.restored", None, actor=audit.SYSTEM, details=details)
            solutions.note_what_shows()
    return beside


def check_unchanged(beside: Beside) -> None:
    """Refuse what somebody else swapped or dropped meanwhile: swapped twice is swapped back.

    For whoever holds its schema. Raises ValidationError.
    """
    if not _is_as_it_was(beside):
        raise ValidationError(_("Das ist inzwischen geschehen. Bitte laden Sie die Seite neu."))


def _is_as_it_was(beside: Beside) -> bool:
    with schema_context(PUBLIC):
        rows = Beside.objects.filter(pk=beside.pk, stage=beside.stage, until=beside.until)
        return bool(rows.exists())


def _bring_up_to_date(district: District, restored: District) -> None:
    """Migrate a schema that was kept while the platform got a new version."""
    if _migrations(district) == _migrations(restored):
        return
    try:
        schemas.migrate(restored)
    except Error:
        raise ValidationError(
            _("Die Plattform hat inzwischen eine neue Version. Bitte als Besitzer der Datenbank ausführen: docker compose run --rm migrate python manage.py …")
        ) from None  # fmt: skip


def _migrations(district: District) -> set[tuple[str, str]]:
    with tenant_context(district), connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        return set(cursor.fetchall())


@transaction.atomic
def _swap(district: District, beside: Beside, known: Known, *, actor: Actor) -> None:
    """Swap the schemas and what the public schema holds of the district, all or nothing."""
    with schema_context(PUBLIC):
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{schemas.LOCK_TIMEOUT}'")
        row = districts.locked_staying(district)
        before = belongings.of_today(row)
        before["pointers"] = belongings.without_mail(row, known)
        belongings.unshare_the_gone(row, known)
        belongings.put(row, beside.details)
        functions.swap_schemas(str(district.schema_name), beside.schema_name)
        undoes = _undoes(beside)
        until = {"log_until": beside.details["log_until"], "undone": undoes}
        Beside.objects.filter(pk=beside.pk).update(
            stage=Beside.Stage.KEPT, until=timezone.now() + KEPT, details=before | until
        )
        details = {"from": beside.origin}
        if undoes:
            audit.record_change("district.restore_undone", row, actor=actor, details=details)
        else:
            audit.record_change("district.restored", row, actor=actor, details=details)
        lookup.forget_after_commit(row)


def was_undone(beside: Beside) -> bool:
    """Tell whether what is kept is a restore that was taken back: then it leads to the backup."""
    return bool(beside.details.get("undone", False))


def _undoes(beside: Beside) -> bool:
    return beside.stage == Beside.Stage.KEPT and not was_undone(beside)


def kept(district: District) -> Beside | None:
    """Return what the district was before it was restored last; None where nothing is kept."""
    rows = Beside.objects.filter(district_id=district.pk, stage=Beside.Stage.KEPT)
    found: Beside | None = rows.order_by("-until").first()
    return found


def drop(beside: Beside) -> None:
    """Delete a schema beside a district's, with its role."""
    with schema_context(PUBLIC), transaction.atomic():
        functions.drop_schema(beside.schema_name)
        Beside.objects.filter(pk=beside.pk).delete()


def discard(district: District, beside: Beside) -> None:
    """Delete what was prepared and is not wanted. Raises ValidationError where it is in use.

    A swap leaves the district's rows of until then under the same name: they must not go for what
    somebody saw before it.
    """
    if beside.stage == Beside.Stage.KEPT:
        raise ValidationError(_("Das wird eine Woche lang aufgehoben."))
    with alone(district):
        check_unchanged(beside)
        drop(beside)


def fail(beside: Beside, words: str) -> None:
    """Note why an ordered restore failed; of its schema nothing is left."""
    with schema_context(PUBLIC), transaction.atomic():
        functions.drop_schema(beside.schema_name)
        beside.stage, beside.words = Beside.Stage.FAILED, words[:500]
        # The row went with the schema.
        beside.save()


def drop_due() -> int:
    """Delete what was kept long enough, or filled by a process that is gone; return how many."""
    dropped = 0
    there = set(District.objects.values_list("pk", flat=True))
    for beside in Beside.objects.all():
        over = beside.until <= timezone.now() or beside.district_id not in there
        with held(beside.schema_name) as is_free:
            left = beside.stage == Beside.Stage.FILLING and beside.since < timezone.now() - LEFT
            # It may have been swapped since the list was read, and be kept for a week from then on.
            if not is_free or not (over or left) or not _is_as_it_was(beside):
                continue
            try:
                drop(beside)
                dropped += 1
            except Error as error:
                log.error("restoring.stays", schema=beside.schema_name, error=type(error).__name__)
    return dropped
