"""The nightly work on ideas."""

from directory.ideas import services
from wiq.night import Chore, chores
from wiq.submissions.terms import months_of
from wiq.tenancy import connection


def forget() -> int:
    """Erase ideas after their retention period."""
    return services.anonymise_due(months_of(connection.tenant))


chores.register(Chore("ideas_forgotten", forget))
