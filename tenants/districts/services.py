"""Writing districts: their data and their hosts. Only ``moves`` changes their state."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tenants.utils import schema_context

from tenants.districts import lookup
from tenants.districts.models import District, Domain, Moving, Operator, PlatformOperator
from wiq.actors import Actor
from wiq.audit import records
from wiq.audit import services as audit
from wiq.host_names import as_typed
from wiq.signing import keys
from wiq.tenancy import PUBLIC

PROJECT_TEAMS = gettext_lazy("Die Angaben zu diesem Träger ändert das Projektteam.")


def locked(district: District) -> District:
    """Return the current row of a district, locked until the transaction ends.

    The project team or another coordinator may have changed it a moment ago.
    """
    with schema_context(PUBLIC):
        rows = District.objects.select_related("operator").select_for_update(of=("self",))
        found: District = rows.get(pk=district.pk)
        found.remember_host(district.host)
        return found


def locked_staying(district: District) -> District:
    """Return the current row of a district that nobody moves at this moment, locked.

    For whoever changes one from outside: what its own pages write is held back by its database
    role and sent again. Raises ValidationError for one whose rows are just copied elsewhere, which
    would not bring the change along, and for one that has not arrived yet.
    """
    found = locked(district)
    check_staying(found)
    return found


def check_staying(district: District) -> None:
    """Raise ValidationError for a district that is just moving to or from another server."""
    if district.moving in (Moving.HELD, Moving.ARRIVING):
        raise ValidationError(
            _(
                "Dieses Quartier zieht gerade um. Bitte versuchen Sie es in einigen Minuten noch einmal."
            )
        )


@transaction.atomic
def update(district: District, *, actor: Actor, **changes: Any) -> District:
    """Change data of a district, for instance its phone number or colour.

    Raises ValidationError for values that the model refuses.
    """
    for name, value in changes.items():
        setattr(district, name, value)
    records.tidy(district)
    district.clean_fields(exclude=["schema_name"])
    district.save(update_fields=list(changes))
    audit.record_change(
        "district.updated", district, actor=actor, details={"fields": sorted(changes)}
    )
    lookup.forget_after_commit(district)
    return district


@transaction.atomic
def add_domain(district: District, host: str, *, is_primary: bool) -> Domain:
    """Add a host name to a district, in lower case as the lookup needs it."""
    domain = Domain(tenant=district, domain=as_typed(host), is_primary=is_primary)
    domain.full_clean(exclude=["tenant"])
    domain.save()
    lookup.forget_after_commit(district)
    return domain


@transaction.atomic
def make_primary(district: District, host: str) -> Domain:
    """Make a host the district's primary one; add it to the district if it is new."""
    domain: Domain | None = district.domains.filter(domain=host).first()
    if domain is None:
        return add_domain(district, host, is_primary=True)
    domain.is_primary = True
    domain.save()
    lookup.forget_after_commit(district)
    return domain


def relock_keys() -> int:
    """Encrypt districts' keys with the current SECRET_KEY; return how many were changed.

    Afterwards links of districts no longer need the former SECRET_KEY (docs/howto/rotation.md).
    """
    changed = 0
    for district in District.objects.exclude(erasure_key=""):
        fresh = keys.relocked(district.erasure_key)
        same = District.objects.filter(pk=district.pk, erasure_key=district.erasure_key)
        changed += same.update(erasure_key=fresh) if fresh != district.erasure_key else 0
    for district in District.objects.exclude(link_key=""):
        fresh = keys.relocked(district.link_key)
        if fresh != district.link_key:
            same = District.objects.filter(pk=district.pk, link_key=district.link_key)
            changed += same.update(link_key=fresh)
            lookup.forget_after_commit(district)
    return changed


@transaction.atomic
def save_operator(operator: Operator, *, actor: Actor) -> Operator:
    """Save a Träger. Unknown data stays empty."""
    records.tidy(operator)
    operator.full_clean()
    operator.save()
    audit.record_change("operator.saved", operator, actor=actor)
    transaction.on_commit(lookup.forget_all)
    return operator


@transaction.atomic
def save_own_operator(operator: Operator, *, district: District, actor: Actor) -> Operator:
    """Save the Träger that a district has for itself, or its first one.

    Raises ValidationError for a Träger that is not the district's alone to write: of another
    district, too, or of the platform.
    """
    mine = locked(district)
    # The project team may be saying at this moment that it runs the platform.
    mine.operator = Operator.objects.select_for_update().filter(pk=mine.operator_id).first()
    if operator.pk != mine.operator_id or is_shared(mine.operator, mine):
        raise ValidationError(PROJECT_TEAMS)
    operator.runs_platform = False
    saved = save_operator(operator, actor=actor)
    if mine.operator_id is None:
        update(district, actor=actor, operator=saved)
    return saved


def is_shared(operator: Operator | None, district: District) -> bool:
    """Tell whether a Träger is not the district's alone: another's, too, or the platform's."""
    if operator is None:
        return False
    others = District.objects.filter(operator=operator).exclude(pk=district.pk)
    return operator.runs_platform or others.exists()


@transaction.atomic
def complete_operator(operator: Operator, *, actor: Actor, **values: str) -> Operator:
    """Fill in what a Träger lacks, and change nothing that is known already.

    Raises ValidationError if somebody has filled it in meanwhile, and for one that runs the
    platform.
    """
    held: Operator = Operator.objects.select_for_update().get(pk=operator.pk)
    if held.runs_platform:
        raise ValidationError(PROJECT_TEAMS)
    for name, value in values.items():
        if getattr(held, name):
            raise ValidationError({name: _("Jemand war schneller: Das steht jetzt schon da.")})
        setattr(held, name, value)
    return save_operator(held, actor=actor)


@transaction.atomic
def save_platform_operator(operator: PlatformOperator, *, actor: Actor) -> PlatformOperator:
    """Save who runs the platform. Unknown data stays empty."""
    operator.number = 1
    records.tidy(operator)
    operator.full_clean()
    operator.save()
    audit.record_change("platformoperator.saved", operator, actor=actor)
    return operator


@transaction.atomic
def note_failed_migration(district: District, why: str) -> None:
    """Note that a district's migration failed and why; nobody can use it until it is repeated."""
    since = district.migration_failed_at or timezone.now()
    _note_migration(district, "district.migration_failed", error=why[:300], at=since)


@transaction.atomic
def note_mended_migration(district: District) -> None:
    """Note that a migration that had failed went well now."""
    _note_migration(district, "district.migrated", error="", at=None)


def _note_migration(district: District, action: str, *, error: str, at: datetime | None) -> None:
    district.migration_error, district.migration_failed_at = error, at
    district.save(update_fields=["migration_error", "migration_failed_at"])
    audit.record_change(action, district, actor="migration")
    lookup.forget_after_commit(district)


def note_solution_teams(district_id: int, count: int) -> None:
    """Store a district's number of public solution teams, in the caller's transaction."""
    District.objects.filter(pk=district_id).exclude(solution_teams=count).update(
        solution_teams=count
    )
