"""Keeps personal data and secrets out of the logs."""

import re
from collections.abc import MutableMapping
from typing import Any

# E-mail addresses, phone numbers of at least seven digits, and the long random tokens of links.
# The last group before the e-mail address is a mail server's answer as a traceback quotes it.
# PostgreSQL's DETAIL quotes the failed row, over several lines if its text has line breaks.
_REPLACEMENTS = (
    (
        re.compile(
            r"DETAIL:.*?(?=\n(?:HINT|CONTEXT|QUERY|WHERE|SCHEMA|TABLE):|\n\n|\nThe above|\Z)", re.S
        ),
        "DETAIL: <row>",
    ),
    (re.compile(r"[^\s<>\"'=,;()]+@[^\s<>\"',;()]+\.[^\s<>\"',;()]+"), "<e-mail>"),
    (re.compile(r"(?<![\w.:-])(?:\+|00?)\d[\d ()/-]{6,}\d"), "<phone>"),
    (re.compile(r"(?<=/)[A-Za-z0-9_:-]{22,}(?=[/?\s\"']|$)"), "<token>"),
    (re.compile(r"(?i)(bearer|token|password|secret)([=: ]+)\S+"), r"\1\2<secret>"),
)
# Keys from django-structlog or Django that identify the visitor.
_DROPPED = ("ip", "user_agent", "user_id", "request")


# The names of secret fields; wiq.web.apps fills this in once the models are loaded.
secret_names: set[str] = set()


def redact(text: str) -> str:
    """Return ``text`` without e-mail addresses, phone numbers and tokens."""
    for pattern, replacement in _REPLACEMENTS:
        text = pattern.sub(replacement, text)
    return text


def without_personal_data(
    logger: object, method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Redact every text of a log entry (a structlog processor)."""
    for name in _DROPPED:
        if name == "request" and isinstance(event.get(name), str):
            continue
        event.pop(name, None)
    if isinstance(event.get("request"), str):
        event["request"] = event["request"].split("?", 1)[0]
    for name in secret_names & event.keys():
        event[name] = "<secret>"
    for name, value in event.items():
        if isinstance(value, str) and name not in ("timestamp", "request_id", "district"):
            event[name] = redact(value)
    return event
