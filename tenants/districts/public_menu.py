"""Which entries of a district's main menu lead to something, kept where each request reads it."""

from tenants.districts import lookup
from tenants.districts.models import District
from wiq.tenancy import connection, current_district_id
from wiq.web import public_menu


def note() -> int:
    """Keep with the current district what its menu shows; return 1 if that changed, else 0.

    Called in the transaction of a write after which an entry may lead to something, or to nothing
    any more, and each night for whatever else it depends on.
    """
    number = current_district_id()
    if number is None:
        return 0
    pages = public_menu.asked()
    changed = District.objects.filter(pk=number).exclude(in_menu=pages).update(in_menu=pages)
    if changed:
        lookup.forget_after_commit(connection.tenant)
    return changed
