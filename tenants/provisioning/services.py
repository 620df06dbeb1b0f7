"""Creating a district: row, host, schema and first account, or nothing at all."""

import secrets
from typing import Any

from django.conf import settings
from django.db import transaction
from django_tenants.utils import tenant_context

from tenants.districts import services as districts
from tenants.districts.models import District
from tenants.provisioning import making
from tenants.provisioning.names import check_slug
from wiq.accounts import invitations
from wiq.accounts import services as accounts
from wiq.accounts.roles import Role
from wiq.actors import Actor
from wiq.audit import records
from wiq.signing import keys


def new_schema_name() -> str:
    """Return a name for a schema that is still to be made."""
    return f"d_{secrets.token_hex(8)}"


def new_row(
    *,
    slug: str,
    name: str,
    city: str,
    key: bytes | None = None,
    schema_name: str = "",
    **data: Any,
) -> District:
    """Return a new district's row with its host, whose schema is still to be made.

    The schema's name is random and never changes; what people choose is only the host. Somebody
    may have drawn it before, to keep files under it. ``key`` is the one its links were signed with
    elsewhere; else it gets a new one.
    """
    district = District(
        schema_name=schema_name or new_schema_name(), slug=slug, name=name, city=city,
        link_key=keys.locked(key or keys.new()), **data,
    )  # fmt: skip
    records.tidy(district)
    district.full_clean()
    district.save()
    districts.add_domain(district, f"{slug}.{settings.WIQ_DOMAIN}", is_primary=True)
    return district


def create_district(
    *,
    slug: str,
    name: str,
    city: str,
    actor: Actor,
    coordinator: str = "",
    **data: Any,
) -> District:
    """Create a draft district with its schema and, given an address, its first coordinator.

    The coordinator gets a mail with a link to choose a password. All of it or nothing. Raises
    ValidationError.
    """

    def row() -> District:
        check_slug(slug)
        return new_row(slug=slug, name=name, city=city, **data)

    with making.whole(row, actor=actor) as district:
        if coordinator:
            with tenant_context(district):
                invitations.welcome(
                    accounts.create_account(email=coordinator, role=Role.COORDINATOR)
                )
    return district


@transaction.atomic
def follow_domain() -> None:
    """Give every district a subdomain of WIQ_DOMAIN, after that setting has changed.

    It replaces a former subdomain as the primary host, but never the district's own domain.
    """
    for district in District.objects.prefetch_related("domains"):
        host = f"{district.slug}.{settings.WIQ_DOMAIN}"
        former = district.host
        if former == host or not former.startswith(f"{district.slug}."):
            continue
        districts.make_primary(district, host)
