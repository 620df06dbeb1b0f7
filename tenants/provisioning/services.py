"""Bringing a district into being: row, host, schema and first account, or nothing at all."""

import secrets
from typing import Any

from django.conf import settings
from django.db import transaction
from django_tenants.utils import tenant_context

from tenants.districts import services as districts
from tenants.districts.models import District
from tenants.provisioning import schemas
from tenants.provisioning.names import check_slug
from wiq import queueing
from wiq.accounts import services as accounts
from wiq.accounts.roles import Role
from wiq.actors import Actor
from wiq.audit import services as audit

COUNT = "tenants.console.tasks.count"


def new_row(*, slug: str, name: str, city: str, **data: Any) -> District:
    """Return a new district's row with its host, whose schema is still to be made.

    The schema's name is random and never changes; what people choose is only the host.
    """
    district = District(
        schema_name=f"d_{secrets.token_hex(8)}", slug=slug, name=name, city=city, **data
    )
    district.full_clean()
    district.save()
    districts.add_domain(district, f"{slug}.{settings.WIQ_DOMAIN}", is_primary=True)
    return district


def make_schema(district: District, *, actor: Actor) -> None:
    """Make a new row's schema and role, and record who had the district made.

    The console counts it as soon as it is there; the hourly counting would find it otherwise.
    """
    schemas.create(district)
    audit.record_change("district.created", district, actor=actor)
    transaction.on_commit(lambda: queueing.send(COUNT, schema_name=district.schema_name))


@transaction.atomic
def create_district(
    *,
    slug: str,
    name: str,
    city: str,
    actor: Actor,
    coordinator: str = "",
    **data: Any,
) -> District:
    """Create a draft district with its schema and, with an address, its first coordinator.

    Everything happens in one transaction: a failure leaves nothing behind. Raises ValidationError.
    """
    check_slug(slug)
    district = new_row(slug=slug, name=name, city=city, **data)
    make_schema(district, actor=actor)
    if coordinator:
        with tenant_context(district):
            accounts.create_account(email=coordinator, role=Role.COORDINATOR)
    return district


@transaction.atomic
def follow_domain() -> None:
    """Give every district its subdomain of WIQ_DOMAIN, where that setting has changed.

    It takes the place of a former subdomain as primary host, never that of a domain of its own.
    """
    for district in District.objects.prefetch_related("domains"):
        host = f"{district.slug}.{settings.WIQ_DOMAIN}"
        former = district.host
        if former == host or not former.startswith(f"{district.slug}."):
            continue
        districts.make_primary(district, host)
