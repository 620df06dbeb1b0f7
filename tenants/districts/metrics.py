"""Numbers about districts: how many in which state, and which one a label means."""

from django.db.models import Count

from tenants.districts.models import District, State
from wiq.metrics.measures import Measure, Rows, measures


def _by_state() -> Rows:
    counted = dict(District.objects.order_by().values_list("state").annotate(Count("pk")))
    for state in State.values:
        yield (state,), counted.get(state, 0)


def _names() -> Rows:
    for row in District.objects.order_by("pk").values_list("pk", "schema_name", "slug"):
        yield [str(value) for value in row], 1


def _failed() -> Rows:
    yield (), District.objects.behind().count()


measures.register(
    Measure("wiq_migrations_failed", "Districts whose migration failed.", (), _failed)
)
measures.register(Measure("wiq_districts", "Districts, by state.", ("state",), _by_state))
measures.register(
    Measure(
        "wiq_district_info", "Which district a label means.", ("district_id", "district", "slug"),
        _names, per_district=True,
    )
)  # fmt: skip
