"""A district's nightly work."""

from tenants.districts.models import State
from wiq.night import chores
from wiq.tenancy import connection


def tend() -> dict[str, int]:
    """Do the current district's nightly work; return how much of each kind was done.

    A district that is not public still erases data in time, but sends no mails.
    """
    is_published = connection.tenant.state == State.PUBLISHED
    return {
        chore.name: chore.do() if is_published or not chore.only_published else 0
        for chore in chores
    }
