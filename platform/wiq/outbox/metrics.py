"""Numbers about mails: how many in which state, and how long the oldest has waited."""

from django.db.models import Count, DurationField, ExpressionWrapper, F
from django.db.models.functions import Now
from django.utils import timezone

from wiq.metrics.measures import Measure, Rows, measures
from wiq.outbox.models import Pointer, State, Trouble


def _by_state() -> Rows:
    counted = dict(Pointer.objects.values_list("state").annotate(Count("pk")))
    for state in State.values:
        yield (state,), counted.get(state, 0)


def _oldest() -> Rows:
    """Return the seconds that the oldest mail has waited, by the database's clock."""
    age = ExpressionWrapper(Now() - F("waiting_since"), output_field=DurationField())
    waiting = Pointer.objects.filter(state=State.PENDING).order_by("waiting_since")
    oldest = waiting.values_list(age, flat=True).first()
    yield (), max(oldest.total_seconds(), 0) if oldest else 0


def _by_district() -> Rows:
    """Return the mails that wait or were given up, by the number of their district."""
    unsent = Pointer.objects.exclude(state=State.SENT)
    counted = unsent.values_list("district_id", "state").annotate(count=Count("pk"))
    for district_id, state, count in counted:
        yield (str(district_id or ""), state), count


def _refused() -> Rows:
    """Return for how many seconds the mail server has taken nothing, with its words."""
    found = Trouble.objects.told()
    if found:
        yield (str(found),), max((timezone.now() - found.since).total_seconds(), 0)


measures.register(Measure("wiq_mails", "Mails in the outbox.", ("state",), _by_state))
measures.register(
    Measure("wiq_mail_oldest_seconds", "How long the oldest waiting mail has waited.", (), _oldest)
)
measures.register(
    Measure(
        "wiq_mail_refused_seconds", "How long the mail server has refused us, with its words.",
        ("words",), _refused,
    )
)  # fmt: skip
measures.register(
    Measure(
        "wiq_district_mails", "Mails that are not sent, by district.", ("district_id", "state"),
        _by_district, per_district=True,
    )
)  # fmt: skip
