"""Numbers about what others report of our mails, within the window."""

from wiq.metrics.measures import Measure, Rows, measures
from wiq.reputation.models import Kind, Slowed
from wiq.reputation.services import Figures, figures


def _all() -> Rows:
    found = figures().values()
    yield ("sent",), sum(one.sent for one in found)
    yield (Kind.BOUNCE.value,), sum(one.bounces for one in found)
    yield (Kind.COMPLAINT.value,), sum(one.complaints for one in found)


def _by_district() -> Rows:
    for number, found in figures().items():
        yield from _of(str(number or ""), found)


def _of(district: str, found: Figures) -> Rows:
    yield (district, "sent"), found.sent
    yield (district, Kind.BOUNCE.value), found.bounces
    yield (district, Kind.COMPLAINT.value), found.complaints


def _slowed() -> Rows:
    yield (), Slowed.objects.count()


measures.register(
    Measure("wiq_mails_reported", "Mails of the last 7 days: sent, returned, complained of.",
            ("kind",), _all)
)  # fmt: skip
measures.register(Measure("wiq_districts_slowed", "Districts whose mails are slowed.", (), _slowed))
measures.register(
    Measure(
        "wiq_district_mails_reported", "The same, by district.", ("district_id", "kind"),
        _by_district, per_district=True,
    )
)  # fmt: skip
