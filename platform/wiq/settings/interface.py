"""Languages, templates, static files, the API and the administration: the interface."""

from datetime import timedelta
from typing import Any

from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _

from wiq.settings.environment import BASE_DIR, PRODUCTION

__all__ = [
    "DRF_STANDARDIZED_ERRORS",
    "FORMAT_MODULE_PATH",
    "KNOX_TOKEN_MODEL",
    "LANGUAGES",
    "LANGUAGE_CODE",
    "LOCALE_PATHS",
    "REST_FRAMEWORK",
    "REST_KNOX",
    "SPECTACULAR_SETTINGS",
    "STATIC_ROOT",
    "STATIC_URL",
    "TEMPLATES",
    "TIME_ZONE",
    "UNFOLD",
    "UNFOLD_PLATFORM",
    "USE_I18N",
    "USE_TZ",
    "WHITENOISE_USE_FINDERS",
    "WIQ_STYLE_PAGE",
]

LANGUAGE_CODE = "de"
LANGUAGES = [("de", "Deutsch"), ("en", "English")]
# Dates and times whose parts stay on one line, in both languages.
FORMAT_MODULE_PATH = ["wiq.formats"]
LOCALE_PATHS = [BASE_DIR / "platform" / "wiq" / "locale"]
TIME_ZONE = "Europe/Berlin"
USE_I18N = True
USE_TZ = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wiq.web.context.site",
            ],
            "builtins": ["wiq.web.templatetags.bound"],
        },
    }
]

STATIC_URL = "/static/"
STATIC_ROOT = str(BASE_DIR / "staticfiles") if PRODUCTION else None
WHITENOISE_USE_FINDERS = not PRODUCTION
# A page with every component in every state, for development.
WIQ_STYLE_PAGE = not PRODUCTION

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["api.authentication.DistrictTokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["api.permissions.ReadOnly"],
    "DEFAULT_RENDERER_CLASSES": ["api.renderers.QuotingJSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["api.parsers.StrictJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "api.pagination.Pages",
    "DEFAULT_SCHEMA_CLASS": "drf_standardized_errors.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "drf_standardized_errors.handler.exception_handler",
    "DEFAULT_THROTTLE_RATES": {"submission": "10/min"},
    # REMOTE_ADDR is already the visitor's (wiq.middleware.TrustedProxyMiddleware).
    "NUM_PROXIES": 0,
    "UNAUTHENTICATED_USER": None,
}
_ERRORS = ("400", "401", "403", "404", "405", "406", "409", "413", "415", "429", "503")
DRF_STANDARDIZED_ERRORS = {
    "EXCEPTION_HANDLER_CLASS": "api.errors.Handler",
    # The errors that the API's document lists, all in the same shape.
    "ALLOWED_ERROR_STATUS_CODES": _ERRORS,
    "ERROR_SCHEMAS": dict.fromkeys(_ERRORS, "api.errors.ErrorsSerializer"),
}
KNOX_TOKEN_MODEL = "knox.AuthToken"  # noqa: S105
REST_KNOX = {
    "AUTH_HEADER_PREFIX": "Bearer",
    # Each token is made with a term of its own (wiq.accounts.services.create_token).
    "TOKEN_TTL": None,
    "AUTO_REFRESH": False,
    "TOKEN_LIMIT_PER_USER": None,
    "MIN_REFRESH_INTERVAL": int(timedelta(minutes=1).total_seconds()),
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Wir im Quartier",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "TeamKindEnum": "directory.people.choices.TeamKind.choices",
        "ContactRequestKindEnum": "directory.contact.models.RequestKind.choices",
        "ContactRequestStateEnum": "directory.contact.models.RequestState.choices",
        "DistrictStateEnum": "tenants.districts.models.State.choices",
        "DistrictMoveEnum": "tenants.districts.models.MOVABLE",
        "OrderStateEnum": "tenants.provisioning.models.OrderState.choices",
        "StepStateEnum": "tenants.provisioning.models.StepState.choices",
        "ApplicationStateEnum": "tenants.applications.models.ApplicationState.choices",
        "ValidationErrorEnum": "drf_standardized_errors.openapi_serializers.ValidationErrorEnum.choices",
        "ClientErrorEnum": "drf_standardized_errors.openapi_serializers.ClientErrorEnum.choices",
        "ServerErrorEnum": "drf_standardized_errors.openapi_serializers.ServerErrorEnum.choices",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_standardized_errors.openapi_hooks.postprocess_schema_enums",
        "api.description.describe",
    ],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SECURITY": [],
}

_COLOURS = {
    "primary": {
        "50": "oklch(97% .02 165)",
        "100": "oklch(94% .04 165)",
        "200": "oklch(89% .07 165)",
        "300": "oklch(82% .1 165)",
        "400": "oklch(72% .11 165)",
        "500": "oklch(62% .11 165)",
        "600": "oklch(50% .1 165)",
        "700": "oklch(43% .08 165)",
        "800": "oklch(37% .07 165)",
        "900": "oklch(32% .06 165)",
        "950": "oklch(22% .04 165)",
    }
}

UNFOLD: dict[str, Any] = {
    "STYLES": [lambda request: static("web/desk.css")],
    "SCRIPTS": [
        lambda request: static("web/desk-files.js"),
        lambda request: static("web/desk-frame.js"),
    ],
    "SITE_TITLE": "wiq.admin.sites.district_title",
    "SITE_HEADER": "wiq.admin.sites.district_title",
    "SITE_SUBHEADER": _("Koordination"),
    "SITE_SYMBOL": "diversity_3",
    "SITE_URL": "wiq.admin.sites.public_page",
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": "wiq.admin.sites.icon"},
    ],
    # Shows on every page of the desk that the project team is visiting.
    "ENVIRONMENT": "tenants.visits.banner.banner",
    "SHOW_HISTORY": False,
    "SHOW_BACK_BUTTON": True,
    "COLORS": _COLOURS,
    "SIDEBAR": {"show_search": False, "navigation": "wiq.admin.menu.desk"},
}
UNFOLD_PLATFORM: dict[str, Any] = UNFOLD | {
    "SITE_TITLE": "Wir im Quartier",
    "SITE_HEADER": "Wir im Quartier",
    "SITE_SUBHEADER": _("Projektteam"),
    "DASHBOARD_CALLBACK": "tenants.console.overview.dashboard",
    "ENVIRONMENT": None,
    "SIDEBAR": {"show_search": False, "navigation": "wiq.admin.menu.console"},
}
