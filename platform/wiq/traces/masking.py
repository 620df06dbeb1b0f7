"""What of a span may leave: named attributes alone, and no value that anybody typed.

Addresses of pages leave as their routes (``kontakt/<token>/``), statements without what stands in
quotes, errors as their kind. An attribute that a library adds one day stays here until it is named.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.trace import Status

from wiq.logs import redact

STATEMENTS = ("db.statement", "db.query.text")
# https://opentelemetry.io/docs/specs/semconv/registry/attributes/, in both generations of names.
KEPT = frozenset((
    "wiq.district",
    "http.method", "http.request.method", "http.route", "http.status_code",
    "http.response.status_code", "http.scheme", "url.scheme", "http.flavor",
    "db.system", "db.system.name", "db.name", "db.namespace", "db.operation.name",
    "db.redis.database_index", "redis.database_index", "redis.args_length",
    "messaging.system", "messaging.destination.name", "error.type", *STATEMENTS,
))  # fmt: skip
EXCEPTION, KIND = "exception", "exception.type"
# E'…' with backslashes, '…' and $tag$…$tag$, as PostgreSQL reads them (docs 4.1.2).
LITERAL = re.compile(
    r"\b[eE]'(?:[^'\\]|''|\\.)*'|'(?:[^']|'')*'|\$(?P<tag>[A-Za-z_]\w*|)\$.*?\$(?P=tag)\$",
    re.DOTALL,
)


def without_literals(statement: str) -> str:
    """Return a statement of SQL without the texts that stand in it."""
    return LITERAL.sub("?", statement)


def masked(span: ReadableSpan) -> ReadableSpan:
    """Return a span without anything about persons."""
    return ReadableSpan(
        name=redact(without_literals(span.name)),
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=_attributes(span.attributes or {}),
        events=list(_events(span)),
        links=span.links,
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def _attributes(attributes: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _value(name, value) for name, value in attributes.items() if name in KEPT}


def _value(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return redact(without_literals(value) if name in STATEMENTS else value)


def _events(span: ReadableSpan) -> Iterator[Event]:
    """Keep of errors their kind, which names a class of ours or a library's."""
    for event in span.events:
        if event.name == EXCEPTION:
            kind = str((event.attributes or {}).get(KIND, ""))
            yield Event(EXCEPTION, {KIND: kind}, event.timestamp)
