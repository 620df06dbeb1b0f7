"""A district's work of every night and morning."""

from tenants.districts.models import State
from wiq.night import Chore, chores, mornings
from wiq.rooms import Registry
from wiq.tenancy import connection


def tend() -> dict[str, int]:
    """Do the current district's nightly work; return how much of each kind was done.

    A district that is not public still erases data in time, but sends no mails.
    """
    return _do(chores)


def wake() -> dict[str, int]:
    """Do the current district's morning work, which mails; return how much of each was done."""
    return _do(mornings)


def _do(registered: Registry[Chore]) -> dict[str, int]:
    is_published = connection.tenant.state == State.PUBLISHED
    return {
        chore.name: chore.do() if is_published or not chore.only_published else 0
        for chore in registered
    }
