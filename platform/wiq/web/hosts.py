"""Absolute addresses on this platform's hosts, for mails and for links to other hosts."""

from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse

from wiq.tenancy import PUBLIC, connection


def host_name() -> str:
    """Return the host of the current schema: the district's primary domain or the platform's."""
    return str(getattr(connection.tenant, "host", None) or settings.WIQ_DOMAIN)


def origin(host: str) -> str:
    """Return scheme, host and port of one of this platform's hosts."""
    port = f":{settings.WIQ_PORT}" if settings.WIQ_PORT else ""
    return f"{settings.WIQ_ORIGIN_SCHEME}://{host}{port}"


def on_district(name: str, *args: object) -> str:
    """Return the absolute address of a district's page by its name, from any host."""
    return absolute(reverse(name, args=args, urlconf=settings.ROOT_URLCONF))


def on_platform(name: str, *args: object) -> str:
    """Return the absolute address of the platform's page by its name, from any host."""
    path = reverse(name, args=args, urlconf=settings.PUBLIC_SCHEMA_URLCONF)
    return urljoin(origin(settings.WIQ_DOMAIN), path)


def on_this_host(name: str, *args: object) -> str:
    """Return the whole address of a page of the current schema's host by its name."""
    return (
        on_platform(name, *args) if connection.schema_name == PUBLIC else on_district(name, *args)
    )


def absolute(path: str) -> str:
    """Return the absolute address of a path on the current schema's host."""
    return urljoin(origin(host_name()), path)
