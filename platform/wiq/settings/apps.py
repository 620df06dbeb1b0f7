"""The schemas of the apps' tables. An app in both lists has its tables in every schema."""

__all__ = [
    "AUTH_USER_MODEL",
    "DEFAULT_AUTO_FIELD",
    "GET_EXECUTOR_FUNCTION",
    "INSTALLED_APPS",
    "PUBLIC_SCHEMA_URLCONF",
    "ROOT_URLCONF",
    "SHARED_APPS",
    "TENANT_APPS",
    "TENANT_DOMAIN_MODEL",
    "TENANT_LIMIT_SET_CALLS",
    "TENANT_MODEL",
    "WSGI_APPLICATION",
]

# The platform and each district have their own sign-in, tokens, mails and audit log.
_BOTH = [
    "wiq.accounts",
    "wiq.audit",
    "wiq.mail",
    "django.contrib.sessions",
    "allauth.account",
    "allauth.mfa",
    "knox",
]
SHARED_APPS = [
    # Before django_tenants, whose admin pages ask for a tenant that the platform does not have.
    "wiq.web",
    # BasicAppConfig: unfold's default config would replace and open Django's own admin.site.
    "unfold.apps.BasicAppConfig",
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django_tenants",
    "directory.desk",
    "tenants.districts",
    "tenants.kit",
    "tenants.catalogue",
    "tenants.provisioning",
    "tenants.cells",
    "tenants.applications",
    "tenants.restoring",
    "tenants.transfer",
    "tenants.moving",
    "tenants.visits",
    "tenants.lifecycle",
    "tenants.accountability",
    "tenants.console",
    "wiq.admin",
    "wiq.media",
    "wiq.backoffice",
    "wiq.backups",
    "wiq.doctor",
    "wiq.outbox",
    "wiq.calls",
    "wiq.inbound",
    "wiq.senders",
    "wiq.reputation",
    "wiq.embedded",
    *_BOTH,
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "allauth",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "drf_standardized_errors",
    "django_filters",
    "django_htmx",
    "django_structlog",
    "csp",
    "api",
]
TENANT_APPS = [
    *_BOTH,
    "wiq.erasures",
    "directory.people",
    "directory.solutions",
    "directory.conversations",
    "directory.contact",
    "directory.ideas",
    "directory.pages",
    "directory.following",
    "directory.videos",
    "directory.webhooks",
    "directory.events",
]
INSTALLED_APPS = [*SHARED_APPS, *(app for app in TENANT_APPS if app not in SHARED_APPS)]

TENANT_MODEL = "districts.District"
TENANT_DOMAIN_MODEL = "districts.Domain"
TENANT_LIMIT_SET_CALLS = True
# `migrate_schemas`, the command of django-tenants, goes the way of migrate_districts.
GET_EXECUTOR_FUNCTION = "tenants.provisioning.executor.get_executor"
ROOT_URLCONF = "wiq.urls.district"
PUBLIC_SCHEMA_URLCONF = "wiq.urls.public"
WSGI_APPLICATION = "wiq.wsgi.application"
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
