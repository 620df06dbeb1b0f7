"""The nightly work on ideas."""

from directory.ideas import services
from wiq.night import Chore, chores
from wiq.tenancy import connection


def forget() -> int:
    """Erase ideas after their retention period."""
    return services.anonymise_due(connection.tenant.retention_months)


chores.register(Chore("ideas_forgotten", forget))
