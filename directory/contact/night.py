"""What contact requests need every night."""

from directory.contact import services
from wiq.night import Chore, chores
from wiq.tenancy import connection


def forget() -> int:
    """Forget requests whose time is over."""
    return services.anonymise_due(connection.tenant.retention_months)


chores.register(Chore("requests_forgotten", forget))
