"""Errors for Sentry: where in our code, in which release, and nothing about anybody.

Sentry keeps what it gets on another server, so it gets less than our own logs: no variables, no
breadcrumbs, no headers, and of an address its path without tokens.
"""

from collections.abc import Iterator
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from wiq.logs import redact
from wiq.version import release

# What an event may hold; everything else that an integration adds is left out.
KEPT = frozenset((
    "contexts", "environment", "event_id", "exception", "fingerprint", "level", "logentry",
    "logger", "message", "platform", "release", "request", "sdk", "tags", "timestamp",
    "transaction", "transaction_info", "type",
))  # fmt: skip
CONTEXTS = ("runtime", "trace")
REQUEST = ("method", "url")
# It logs the error of a request that Sentry has from Django already.
TWICE = "django_structlog.middlewares.request"


class CannotReport(RuntimeError):
    """Errors can't be reported: the package is not there, or nobody can read SENTRY_DSN."""


def begin(dsn: str, environment: str) -> None:
    """Report errors of this process from now on. Raises CannotReport, without the DSN's key."""
    try:
        sentry = import_module("sentry_sdk")
    except ImportError as error:
        raise CannotReport(
            "SENTRY_DSN is set, but the package sentry-sdk is not installed: it is in "
            "requirements/prod.txt, or unset SENTRY_DSN."
        ) from error
    try:
        sentry.init(
            dsn=dsn,
            release=release(),
            environment=environment,
            send_default_pii=False,
            max_request_body_size="never",
            include_local_variables=False,
            max_breadcrumbs=0,
            # Counts of requests by process: what Prometheus is for.
            auto_session_tracking=False,
            # The machine's name may be a person's.
            server_name="",
            before_send=masked,
        )
    except ValueError:  # sentry_sdk.utils.BadDsn
        raise CannotReport(
            "SENTRY_DSN can't be read: it must look like https://key@host/number."
        ) from None
    import_module("sentry_sdk.integrations.logging").ignore_logger(TWICE)


def masked(event: dict[str, Any], hint: dict[str, Any]) -> dict[str, Any]:
    """Return an event without anything about persons (Sentry's ``before_send``)."""
    kept = {name: value for name, value in event.items() if name in KEPT}
    if "request" in kept:
        kept["request"] = _request(kept["request"])
    contexts = kept.get("contexts", {})
    kept["contexts"] = {name: contexts[name] for name in CONTEXTS if name in contexts}
    for name in ("message", "transaction"):
        if kept.get(name):
            kept[name] = redact(kept[name])
    kept |= _log_entry(kept, getattr(hint.get("log_record"), "msg", None))
    for error in _errors(kept):
        error["value"] = redact(str(error.get("value") or ""))
    return kept


def _log_entry(event: dict[str, Any], entry: object) -> dict[str, Any]:
    """Return an entry of our own logs by its name, with what logs show; of others their message."""
    if "logentry" not in event:
        return {}
    if isinstance(entry, dict):  # structlog's, which wiq.logs has cleaned already
        fields = {name: redact(str(value)) for name, value in entry.items()}
        return {"logentry": {"message": fields.pop("event", "")}, "extra": fields}
    # The message alone: its arguments are in it.
    words = event["logentry"].get("formatted") or event["logentry"].get("message") or ""
    return {"logentry": {"message": redact(str(words))}}


def _request(request: dict[str, Any]) -> dict[str, Any]:
    """Keep method and address: not the query, and of the path what logs show."""
    kept = {name: request[name] for name in REQUEST if request.get(name)}
    if "url" in kept:
        parts = urlsplit(kept["url"])
        kept["url"] = urlunsplit((parts.scheme, parts.netloc, redact(parts.path), "", ""))
    return kept


def _errors(event: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from event.get("exception", {}).get("values", [])
