"""What a district needs every night."""

from tenants.districts.models import State
from wiq.night import chores
from wiq.tenancy import connection


def tend() -> dict[str, int]:
    """Look after the current district; return how much of what there was to do.

    A district that is not public keeps its promises about forgetting, but mails nobody.
    """
    is_published = connection.tenant.state == State.PUBLISHED
    return {
        chore.name: chore.do() if is_published or not chore.only_published else 0
        for chore in chores
    }
