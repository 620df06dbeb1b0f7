"""The rules of tenancy as Django system checks: an error stops every command."""

from collections.abc import Sequence
from typing import Any

from celery import current_app
from django.apps import AppConfig, apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.utils.module_loading import autodiscover_modules, import_string

from wiq.celery_app import DistrictTask
from wiq.media.storage import DistrictStorage
from wiq.rooms import RoomConfig, Tables

# A request passes them in this order; each relies on the one before.
MIDDLEWARE_ORDER = [
    "wiq.middleware.TrustedProxyMiddleware",
    "tenants.districts.middleware.DistrictMiddleware",
    "wiq.middleware.TypedTextMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "wiq.middleware.LanguageMiddleware",
    "tenants.districts.middleware.DistrictStateMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
KEY_FUNCTION = "django_tenants.cache.make_key"
# The only cache that is used before the district is known.
CACHES_WITHOUT_DISTRICT = {"platform"}


# Other people's apps that have tables here. In districts, only those for signing in.
TABLES_OF_OTHERS = {
    "contenttypes": Tables.PUBLIC,
    "auth": Tables.PUBLIC,
    "admin": Tables.PUBLIC,
    "sessions": Tables.BOTH,
    "account": Tables.BOTH,
    "mfa": Tables.BOTH,
    "knox": Tables.BOTH,
}


def _label(entry: str) -> str:
    for config in apps.get_app_configs():
        if entry in (config.name, f"{type(config).__module__}.{type(config).__name__}"):
            return config.label
    return entry.rpartition(".")[2]


@register("tenancy")
def check_apps(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """An app in the wrong list has its tables in the wrong schema."""
    shared = {_label(entry) for entry in settings.SHARED_APPS}
    tenant = {_label(entry) for entry in settings.TENANT_APPS}
    places = {
        (True, False): Tables.PUBLIC,
        (False, True): Tables.DISTRICT,
        (True, True): Tables.BOTH,
    }
    messages: list[CheckMessage] = []
    for config in apps.get_app_configs():
        declared = (
            config.tables if isinstance(config, RoomConfig) else TABLES_OF_OTHERS.get(config.label)
        )
        has_tables = bool(list(config.get_models()))
        if has_tables and declared in (None, Tables.NONE):
            words = f"App {config.label} has tables and does not say where they stand."
            messages.append(Error(words, id="wiq.E001"))
        elif (
            has_tables and places.get((config.label in shared, config.label in tenant)) != declared
        ):
            words = f"App {config.label} is in the wrong list of apps."
            messages.append(Error(words, id="wiq.E002"))
    return messages


@register("tenancy")
def check_middleware(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Proxies are checked before all else, what was typed is cleaned before anybody reads it."""
    positions = [
        settings.MIDDLEWARE.index(name) if name in settings.MIDDLEWARE else -1
        for name in MIDDLEWARE_ORDER
    ]
    if -1 in positions or positions != sorted(positions):
        order = ", ".join(MIDDLEWARE_ORDER)
        return [Error(f"MIDDLEWARE must contain, in this order: {order}", id="wiq.E003")]
    return []


@register("tenancy")
def check_caches(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """A cache key without the district would show one district's page in another."""
    return [
        Error(f"Cache {alias!r} must use KEY_FUNCTION {KEY_FUNCTION}.", id="wiq.E004")
        for alias, options in settings.CACHES.items()
        if alias not in CACHES_WITHOUT_DISTRICT and options.get("KEY_FUNCTION") != KEY_FUNCTION
    ]


@register("tenancy")
def check_storage(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Each district's files are in a folder or below a prefix of their own."""
    backend = settings.STORAGES["default"]["BACKEND"]
    if issubclass(import_string(backend), DistrictStorage):
        return []
    return [Error(f"Storage {backend} does not know the district.", id="wiq.E005")]


@register("tenancy")
def check_tasks(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """A task without our base class could run silently in the public schema."""
    autodiscover_modules("tasks")
    return [
        Error(f"Task {name} must build on wiq.celery_app.DistrictTask.", id="wiq.E006")
        for name, task in current_app.tasks.items()
        if not name.startswith("celery.") and not isinstance(task, DistrictTask)
    ]


@register("tenancy")
def check_session(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Sessions are in the schema of their users, and cookies belong to one host."""
    messages: list[CheckMessage] = []
    if settings.SESSION_ENGINE != "wiq.accounts.sessions":
        messages.append(Error("Sessions must lie in the district's schema.", id="wiq.E007"))
    if settings.SESSION_COOKIE_DOMAIN or settings.CSRF_COOKIE_DOMAIN:
        messages.append(Error("Cookies must not be shared between hosts.", id="wiq.E008"))
    return messages
