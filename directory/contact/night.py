"""The nightly work on contact requests."""

from directory.contact import referring, services
from wiq.night import Chore, chores
from wiq.tenancy import connection


def forget() -> int:
    """Erase requests after their retention period."""
    return services.anonymise_due(connection.tenant.retention_months)


chores.register(Chore("requests_forgotten", forget))
chores.register(Chore("requests_carried", referring.carry_agreed))
