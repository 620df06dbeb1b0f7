"""Hosts, middleware, cookies, headers and sign-in."""

from typing import Any

from csp.constants import NONE, SELF
from django.urls import reverse_lazy

from wiq.settings.environment import PRODUCTION, WIQ_DOMAIN
from wiq.web.allowed_hosts import AllowedHosts

__all__ = [
    "ACCOUNT_ADAPTER",
    "ACCOUNT_CHANGE_EMAIL",
    "ACCOUNT_EMAIL_CONFIRMATION_HMAC",
    "ACCOUNT_EMAIL_NOTIFICATIONS",
    "ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS",
    "ACCOUNT_EMAIL_VERIFICATION",
    "ACCOUNT_FORMS",
    "ACCOUNT_LOGIN_METHODS",
    "ACCOUNT_PREVENT_ENUMERATION",
    "ACCOUNT_RATE_LIMITS",
    "ACCOUNT_SIGNUP_FIELDS",
    "ACCOUNT_USER_MODEL_USERNAME_FIELD",
    "ALLOWED_HOSTS",
    "AUTHENTICATION_BACKENDS",
    "AUTH_PASSWORD_VALIDATORS",
    "CONTENT_SECURITY_POLICY",
    "CSRF_COOKIE_HTTPONLY",
    "CSRF_COOKIE_NAME",
    "CSRF_COOKIE_SECURE",
    "CSRF_FAILURE_VIEW",
    "DATA_UPLOAD_MAX_MEMORY_SIZE",
    "DATA_UPLOAD_MAX_NUMBER_FIELDS",
    "KNOWN_BROWSER_COOKIE_NAME",
    "LOGIN_REDIRECT_URL",
    "LOGIN_URL",
    "LOGOUT_REDIRECT_URL",
    "MESSAGE_STORAGE",
    "MFA_ADAPTER",
    "MFA_FORMS",
    "MFA_PASSKEY_LOGIN_ENABLED",
    "MFA_SUPPORTED_TYPES",
    "MFA_TOTP_TOLERANCE",
    "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN",
    "MIDDLEWARE",
    "PERMISSIONS_POLICY",
    "READER_COOKIE_NAME",
    "SECURE_HSTS_INCLUDE_SUBDOMAINS",
    "SECURE_HSTS_PRELOAD",
    "SECURE_HSTS_SECONDS",
    "SECURE_REDIRECT_EXEMPT",
    "SECURE_REFERRER_POLICY",
    "SECURE_SSL_REDIRECT",
    "SESSION_COOKIE_HTTPONLY",
    "SESSION_COOKIE_NAME",
    "SESSION_COOKIE_SECURE",
    "SESSION_ENGINE",
    "X_FRAME_OPTIONS",
]

ALLOWED_HOSTS = AllowedHosts([WIQ_DOMAIN, f".{WIQ_DOMAIN}"])
# The largest body that any visitor may send; pictures have a limit of their own.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
# A team with hundreds of updates has six fields for each.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

MIDDLEWARE = [
    "django_structlog.middlewares.RequestMiddleware",
    "wiq.middleware.TrustedProxyMiddleware",
    "wiq.middleware.KeptMethodMiddleware",
    "tenants.districts.middleware.DistrictMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "wiq.web.content_policy.ContentPolicyMiddleware",
    "wiq.middleware.RequestLimitsMiddleware",
    "wiq.middleware.TypedTextMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "wiq.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "tenants.districts.onward.OnwardMiddleware",
    "tenants.districts.middleware.DistrictStateMiddleware",
    "wiq.web.typed_again.SameOriginMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tenants.districts.middleware.FileMiddleware",
    "wiq.middleware.UploadLimitMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "tenants.visits.middleware.VisitMiddleware",
    "wiq.accounts.middleware.SecondStepMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "directory.people.short_names.RenamedMiddleware",
]

# Cookies belong to one host. __Host- lets browsers enforce it, but only over https.
_COOKIE_PREFIX = "__Host-" if PRODUCTION else ""
CSRF_FAILURE_VIEW = "wiq.web.typed_again.csrf_failure"
SESSION_ENGINE = "wiq.accounts.sessions"
SESSION_COOKIE_NAME = f"{_COOKIE_PREFIX}session"
SESSION_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_HTTPONLY = True
# In the session: its own cookie would be a third one, without the prefix.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
# Set at sign-in: whose wrong passwords are counted apart (wiq/accounts/guesses.py).
KNOWN_BROWSER_COOKIE_NAME = f"{_COOKIE_PREFIX}known"
# Set by a code of a status page: which requests and ideas are read in this browser for a while.
READER_COOKIE_NAME = f"{_COOKIE_PREFIX}reader"
CSRF_COOKIE_NAME = f"{_COOKIE_PREFIX}csrf"
CSRF_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_HTTPONLY = True

SECURE_SSL_REDIRECT = PRODUCTION
# Requested from inside, without the proxy and its TLS.
SECURE_REDIRECT_EXEMPT = [r"^health/", r"^intern/"]
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "media-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: []
    for name in (
        *("accelerometer", "camera", "display-capture", "geolocation", "gyroscope"),
        *("magnetometer", "microphone", "midi", "payment", "usb"),
    )
}

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "wiq.accounts.passwords.ContextWordsValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = reverse_lazy("after_login")
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "wiq.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
# Accounts are created by people who know the address; there is no sign-up to verify.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_FORMS = {"reset_password": "wiq.accounts.forms.ForgottenForm"}
# Wrong passwords are counted in wiq/accounts/guesses.py. What is left of allauth's counts are the
# second factor's codes ("login_failed"), which only those reach who know the password.
ACCOUNT_RATE_LIMITS = {"login": None}
ACCOUNT_PREVENT_ENUMERATION = True
# A signed link holds only a number, which in another district means another account. A row in the
# district's own table can't be confused like that.
ACCOUNT_EMAIL_CONFIRMATION_HMAC = False
MFA_ADAPTER = "wiq.accounts.adapter.MFAAdapter"
MFA_FORMS = {
    "authenticate": "wiq.accounts.forms.CodeForm",
    "reauthenticate": "wiq.accounts.forms.CodeAgainForm",
}
# The code of the half minute before is taken (RFC 6238, 5.2), and that of a phone which is ahead.
MFA_TOTP_TOLERANCE = 1
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
