"""The environment's values, read once; unsafe ones are refused."""

from collections.abc import Callable
from contextlib import suppress
from ipaddress import ip_network
from pathlib import Path
from typing import TypeVar

import environ
from django.core.exceptions import ImproperlyConfigured

from wiq.host_names import as_typed

__all__ = [
    "BASE_DIR",
    "DEBUG",
    "SECRET_KEY",
    "SECRET_KEY_FALLBACKS",
    "WIQ_CALLED_NETWORKS",
    "WIQ_DISTRICT_BYTES",
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
Read = TypeVar("Read")
SHAPES = {
    "DATABASE_URL": "it must look like postgres://user:password@host/name",
    "WIQ_STANDBY_URL": "it must look like postgres://user:password@host/name",
    "REDIS_URL": "it must look like redis://host:6379/0, rediss://… or unix:///path?db=0",
    "EMAIL_URL": "it must look like smtp+tls://user:password@host:587, smtp+ssl://… or smtp://…",
    "WIQ_INBOUND_URL": "it must look like imap+ssl://user:password@host/INBOX",
    "WIQ_REMINDER_DAYS": "it must be three numbers of days, each larger, comma between",
    "WIQ_ASK_HELPED_DAYS": "it must be a number of days",
    "WIQ_TRUSTED_PROXIES": "it must be addresses or networks, comma between",
    "WIQ_CALLED_NETWORKS": "it must be addresses or networks, comma between",
    "WIQ_DB_POOL": "it must be a number",
    "WIQ_LEDGER_DAYS": "it must be a number",
    "WIQ_BACKUP_DATABASE_URL": "it must look like postgres://user:password@host/name",
    "WIQ_BACKUP_KEEP": "it must be three numbers (days, weeks, months), comma between",
    "WIQ_BACKUP_FULL_DAYS": "it must be a number",
    "WIQ_BACKUP_HOUR": "it must be a number",
    "WIQ_DISTRICT_MB": "it must be a number of megabytes",
    "WIQ_CELLS": "it must be addresses with a token, https://TOKEN@b.wiq.example, comma between",
    "WIQ_MAX_DISTRICTS": "it must be a number",
    "WIQ_PORT": "it must be a number",
    "WIQ_DEBUG": "it must be 1 or 0",
}


def fitting(name: str, read: Callable[[], Read], fits: Callable[[Read], bool]) -> Read:
    """Return what ``read`` finds in a variable of the environment.

    Raises ImproperlyConfigured with the variable's name and form, and never with its value, which
    may hold a password, where it can't be read or does not fit.
    """
    with suppress(ValueError, ImproperlyConfigured):
        value = read()
        if fits(value):
            return value
    raise ImproperlyConfigured(f"{name} can't be read: {SHAPES[name]}.")


def switch(name: str) -> bool:
    """Return a variable that is on or off; unset or empty is off."""
    on, off = ("1", "true", "yes", "on"), ("", "0", "false", "no", "off")
    word = fitting(name, lambda: env.str(name, default="").lower(), lambda w: w in on + off)
    return word in on


def number(name: str) -> str:
    """Return a variable that is a number, as text; empty where it is unset."""
    return fitting(name, lambda: str(env.str(name, default="")), lambda w: not w or w.isdecimal())


BASE_DIR = Path(__file__).resolve().parents[3]
WIQ_ENV = env.str("WIQ_ENV", default="development")
if WIQ_ENV not in ("development", "production"):
    raise ImproperlyConfigured(f"WIQ_ENV is {WIQ_ENV!r}; it must be development or production.")
PRODUCTION = WIQ_ENV == "production"

DEBUG = switch("WIQ_DEBUG")
if DEBUG and PRODUCTION:
    raise ImproperlyConfigured("WIQ_DEBUG is on: production would show its inside to everybody.")

WIQ_DOMAIN = as_typed(env.str("WIQ_DOMAIN", default="localhost"))
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
# The room for a district's pictures and films.
WIQ_DISTRICT_BYTES = int(number("WIQ_DISTRICT_MB") or 2000) * 1_000_000
# The port for addresses in mails; empty behind a proxy on the default port.
WIQ_PORT = number("WIQ_PORT")
WIQ_ORIGIN_SCHEME = "https" if PRODUCTION else "http"
# The Maildir of the mail catcher, if run.py started one; /postfach/ exists only then.
WIQ_MAIL_CATCHER = env.str("WIQ_MAIL_CATCHER", default="")
# The DNS server that is asked for the proof of a district's own domain; by default the machine's.
WIQ_DNS_SERVER = env.str("WIQ_DNS_SERVER", default="")


def networks(name: str) -> list[str]:
    """Return a list of addresses and networks; unset is none. Raises ImproperlyConfigured."""
    return fitting(
        name,
        lambda: [word.strip() for word in env.list(name, default=[]) if word.strip()],
        lambda words: all(ip_network(word, strict=False) for word in words),
    )


WIQ_TRUSTED_PROXIES = networks("WIQ_TRUSTED_PROXIES")
# Networks that districts' webhooks may call although they are not of the public internet.
WIQ_CALLED_NETWORKS = networks("WIQ_CALLED_NETWORKS")
