"""What ideas need every night."""

from directory.ideas import services
from wiq.night import Chore, chores
from wiq.tenancy import connection


def forget() -> int:
    """Forget ideas whose time is over."""
    return services.anonymise_due(connection.tenant.retention_months)


chores.register(Chore("ideas_forgotten", forget))
