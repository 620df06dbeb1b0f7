"""From an order to a district: each step happens once; a failure is retried or leaves nothing.

A step's work and its state "done" are written in one transaction. If the worker, the database or
the connection dies between two steps, the sweep finds the order again and continues with the first
step that is not done. The worker holds an advisory lock, which its connection's end releases.
"""

from collections.abc import Callable
from datetime import timedelta

import structlog
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context

from tenants.districts.models import District
from tenants.kit import services as kit
from tenants.provisioning import mails, making, names, removal, schemas, services
from tenants.provisioning.models import (
    Order,
    OrderState,
    Step,
    StepName,
    StepState,
)
from wiq import queueing
from wiq.accounts import invitations
from wiq.accounts.roles import Role
from wiq.actors import Actor
from wiq.audit import services as audit
from wiq.outages import is_outage
from wiq.tenancy import PUBLIC

log = structlog.get_logger(__name__)
TASK = "tenants.provisioning.tasks.run_waiting"
ATTEMPTS = 5
# Seconds until a failed step is retried, doubled with every attempt.
WAIT = 5
# Keeps this lock apart from those of the outbox ("order" in ASCII).
LOCK = 0x6F72646572


@transaction.atomic
def place(*, slug: str, name: str, city: str, actor: Actor, coordinator: str = "") -> Order:
    """Order a district; a worker creates it after the commit.

    Raises ValidationError for a name that is taken, is easily confused with another, or was
    ordered by somebody else a moment ago.
    """
    names.check_wish(slug)
    order = Order(slug=slug, name=name, city=city, coordinator=coordinator)
    order.full_clean()
    try:
        with transaction.atomic():
            order.save()
    except IntegrityError:
        raise ValidationError(
            {"slug": _("Ein Quartier mit dieser Adresse wird gerade eingerichtet.")}
        ) from None
    Step.objects.bulk_create(
        Step(order=order, name=name, position=position) for position, name in enumerate(StepName)
    )
    audit.record_change("order.placed", order, actor=actor)
    transaction.on_commit(lambda: queueing.send(TASK, schema_name=PUBLIC))
    return order


def run_waiting() -> int:
    """Work on all due orders, one after the other; return how many there were.

    If another worker is already at it, it will do these too: one worker is fast enough, and the
    others stay free for mails. What was made is counted once nobody waits for a district any more.
    """
    worked: list[Order] = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return 0
    try:
        while (order := Order.objects.due().first()) is not None:
            worked.append(run(order))
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
    _have_counted(worked)
    return len(worked)


def _have_counted(worked: list[Order]) -> None:
    made = District.objects.filter(pk__in=[order.district_id for order in worked])
    for schema_name in made.values_list("schema_name", flat=True):
        making.queue_count(schema_name)


def run(order: Order) -> Order:
    """Run the open steps of an order until one fails."""
    Order.objects.filter(pk=order.pk, state=OrderState.QUEUED).update(state=OrderState.RUNNING)
    for step in order.steps.exclude(state=StepState.DONE):
        # Counted before the work, so that a step that kills its worker is not retried for ever.
        step.attempts += 1
        step.state = StepState.RUNNING
        step.save(update_fields=["attempts", "state"])
        try:
            _take(order, step)
        except Exception as error:
            _fail(order, step, error)
            break
    order.refresh_from_db()
    return order


@transaction.atomic
def _take(order: Order, step: Step) -> None:
    """Run one step and mark it as done, in one transaction."""
    if step.attempts > ATTEMPTS:
        raise ValidationError(_("Dieser Schritt ist zu oft abgebrochen."))
    WORK[step.name](order)
    step.state, step.error, step.finished_at = StepState.DONE, "", timezone.now()
    step.save(update_fields=["state", "error", "finished_at"])


def _fail(order: Order, step: Step, error: Exception) -> None:
    """Store a failure and the time of the next try; give up if a retry can't help.

    A server that is away or full for hours is no fault of the order's: such a try does not count.
    """
    if is_outage(error):
        step.attempts -= 1
    hopeless = isinstance(error, ValidationError) or step.attempts >= ATTEMPTS
    words = "; ".join(error.messages) if isinstance(error, ValidationError) else ""
    # The project team reads it; the log below has the rest.
    step.error = (words or _("Unerwarteter Fehler: %s") % type(error).__name__)[:300]
    step.state = StepState.FAILED if hopeless else StepState.WAITING
    step.save(update_fields=["state", "error", "attempts"])
    log.warning("order.step_failed", order=order.pk, step=step.name, attempts=step.attempts,
                error=type(error).__name__)  # fmt: skip
    # Always postponed, so that an order that can't even be given up does not block the next.
    wait = timedelta(seconds=WAIT * 2 ** min(step.attempts - 1, 10))
    Order.objects.filter(pk=order.pk).update(next_at=Now() + wait)
    if hopeless:
        give_up(order, step.error)


@transaction.atomic
def give_up(order: Order, reason: str) -> None:
    """Remove what an order has created so far, and tell the project team."""
    locked = Order.objects.select_for_update().get(pk=order.pk)
    district = District.objects.filter(pk=locked.district_id).first()
    if district is not None:
        removal.remove(district, reserve_name=False)
    locked.state, locked.error = OrderState.FAILED, reason
    locked.coordinator, locked.finished_at = "", timezone.now()
    locked.save(update_fields=["state", "error", "coordinator", "finished_at"])
    audit.record_change("order.given_up", locked)
    mails.write_order_failed(locked)


def _make_district(order: Order) -> None:
    # A command may have used the name since it was ordered.
    names.check_slug(order.slug)
    district = services.new_row(slug=order.slug, name=order.name, city=order.city)
    # The next steps fill the schema, each in a separate transaction.
    schemas.create(district)
    making.note_made(district, actor=audit.SYSTEM)
    order.district_id = district.pk
    order.save(update_fields=["district_id"])


def _district_of(order: Order) -> District:
    district: District = District.objects.get(pk=order.district_id)
    return district


def _apply_kit(order: Order) -> None:
    kit.apply_whole(_district_of(order), actor=audit.SYSTEM)


def _invite(order: Order) -> None:
    if not order.coordinator:
        return
    with tenant_context(_district_of(order)):
        invitations.invite(email=order.coordinator, role=Role.COORDINATOR, actor=audit.SYSTEM)
    order.coordinator = ""
    order.save(update_fields=["coordinator"])


def _finish(order: Order) -> None:
    order.state, order.finished_at = OrderState.DONE, timezone.now()
    order.save(update_fields=["state", "finished_at"])
    audit.record_change("order.done", order)


WORK: dict[str, Callable[[Order], None]] = {
    StepName.DISTRICT: _make_district,
    StepName.KIT: _apply_kit,
    StepName.INVITATION: _invite,
    StepName.FINISH: _finish,
}
