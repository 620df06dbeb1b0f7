"""The nightly work on contact requests."""

from directory.contact import referring, services
from wiq.night import Chore, chores
from wiq.submissions.terms import months_of
from wiq.tenancy import connection


def forget() -> int:
    """Erase requests after their retention period."""
    return services.anonymise_due(months_of(connection.tenant))


chores.register(Chore("requests_forgotten", forget))
chores.register(Chore("requests_carried", referring.carry_agreed))
