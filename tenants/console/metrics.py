"""Numbers about districts that migrations left behind."""

from django.db.models import Max

from tenants.console.models import Vital
from wiq.metrics.measures import Measure, Rows, measures


def _left_behind() -> Rows:
    """Return how many districts have fewer migrations than the newest one.

    They are counted every hour and once a district is made (``tenants.console.services``).
    """
    newest = Vital.objects.aggregate(newest=Max("schema_version"))["newest"] or 0
    yield (), Vital.objects.filter(schema_version__lt=newest).count()


measures.register(
    Measure("wiq_migrations_failed", "Districts that a migration left behind.", (), _left_behind)
)
