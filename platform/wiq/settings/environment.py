"""The environment's values, read once; unsafe ones are refused."""

from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

__all__ = [
    "BASE_DIR",
    "DEBUG",
    "SECRET_KEY",
    "SECRET_KEY_FALLBACKS",
    "WIQ_DNS_SERVER",
    "WIQ_DOMAIN",
    "WIQ_ENV",
    "WIQ_MAIL_CATCHER",
    "WIQ_ORIGIN_SCHEME",
    "WIQ_PORT",
    "WIQ_STATE",
    "WIQ_TRUSTED_PROXIES",
]

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parents[3]
WIQ_ENV = env.str("WIQ_ENV", default="development")
if WIQ_ENV not in ("development", "production"):
    raise ImproperlyConfigured(f"WIQ_ENV is {WIQ_ENV!r}; it must be development or production.")
PRODUCTION = WIQ_ENV == "production"

DEBUG = env.bool("WIQ_DEBUG", default=False)
if DEBUG and PRODUCTION:
    raise ImproperlyConfigured("WIQ_DEBUG is on: production would show its inside to everybody.")

WIQ_DOMAIN = env.str("WIQ_DOMAIN", default="localhost").lower().rstrip(".")
if PRODUCTION and ("*" in WIQ_DOMAIN or WIQ_DOMAIN == "localhost" or "." not in WIQ_DOMAIN):
    raise ImproperlyConfigured(
        f"WIQ_DOMAIN is {WIQ_DOMAIN!r}: production needs one real domain and no wildcard."
    )

SECRET_KEY = env.str("SECRET_KEY", default="")
if PRODUCTION and len(SECRET_KEY) < 32:
    raise ImproperlyConfigured("SECRET_KEY is missing or shorter than 32 characters.")
if not SECRET_KEY:
    raise ImproperlyConfigured("SECRET_KEY is not set; `python3 run.py manage …` sets one.")
# Former keys: what was signed with them is still read, and nothing is signed with them any more.
SECRET_KEY_FALLBACKS = [key.strip() for key in env.list("SECRET_KEY_FALLBACKS", default=[]) if key]
if PRODUCTION and any(len(key) < 32 for key in SECRET_KEY_FALLBACKS):
    raise ImproperlyConfigured("SECRET_KEY_FALLBACKS holds a key shorter than 32 characters.")

WIQ_STATE = Path(env.str("WIQ_STATE", default=str(BASE_DIR / "var")))
# The port for addresses in mails; empty behind a proxy on the default port.
WIQ_PORT = env.str("WIQ_PORT", default="")
WIQ_ORIGIN_SCHEME = "https" if PRODUCTION else "http"
# The Maildir of the mail catcher, if run.py started one; /postfach/ exists only then.
WIQ_MAIL_CATCHER = env.str("WIQ_MAIL_CATCHER", default="")
# The DNS server that is asked for the proof of a district's own domain; by default the machine's.
WIQ_DNS_SERVER = env.str("WIQ_DNS_SERVER", default="")
WIQ_TRUSTED_PROXIES = env.list("WIQ_TRUSTED_PROXIES", default=[])
