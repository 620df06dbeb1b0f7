"""Every night: what changed in a folder since somebody signed it is kept, with the day."""

from tenants.accountability import folder, services
from wiq.night import Chore, chores
from wiq.tenancy import connection


def keep() -> int:
    """Keep the changed documents of the current district."""
    return services.keep_changed(folder.of_district(connection.tenant))


chores.register(Chore("folder_kept", keep))
