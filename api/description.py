"""What the OpenAPI documents say beside what the code says by itself: hooks of drf-spectacular."""

from typing import Any

from wiq.web.hosts import absolute

METHODS = ("get", "post", "put", "patch", "delete")
# What one part of the API is about; its name stands in each address.
TAGS = {
    "district": "The district of this host.",
    "teams": "The teams of a district, with their seats and the people shown.",
    "people": "People who agreed to be shown.",
    "topics": "What solution teams are about.",
    "solution-teams": "The registry of solution teams, and their updates.",
    "contact-requests": "Write to a team; with a token, read and answer what came in.",
    "ideas": "Bring an idea.",
    "events": "Dates of teams and of the district.",
    "districts": "The public districts; with a project team's token, new ones and their life.",
    "applications": "Apply with a neighbourhood; with a project team's token, decide.",
    "catalogue": "Solutions that districts share.",
    "kit": "What new districts start from.",
    "orders": "How far a district has come that was ordered.",
    "inbound": "Mail that comes in.",
    "installation": "What this installation is and holds, for the console of another one.",
}
# Everybody writes to these; what others wrote is for those with a token.
INBOXES = frozenset({"contact-requests", "ideas", "applications"})
# For whoever has a token, and nobody else.
CLOSED = frozenset({"installation"})
ABOUT = (
    "Reading is public and shows what is published; a token of an account shows and changes more. "
    "Lists are paginated: `count`, `next`, `previous`, `results`. All errors have one shape."
)


def describe(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Add to a document where it is served, what its parts are, and a summary of each operation.

    A summary is the first sentence of the operation's docstring, or else of its address.
    """
    host = (request.build_absolute_uri("/") if request is not None else absolute("/")).rstrip("/")
    result["servers"] = [{"url": host, "description": "this host"}]
    result["info"] |= {
        "description": ABOUT,
        "license": {"name": "EUPL-1.2", "url": "https://eupl.eu/1.2/en/"},
        "contact": {"name": "Wir im Quartier", "url": f"{host}/impressum/"},
    }
    used: dict[str, None] = {}
    for address, operations in result["paths"].items():
        part = _part(address)
        used[part] = None
        for method, operation in operations.items():
            if method in METHODS:
                operation["tags"] = [part]
                operation["summary"] = _summary(method, address, operation)
                operation["security"] = [_security(method, part, address)]
    for schema in result.get("components", {}).get("schemas", {}).values():
        for field in schema.get("properties", {}).values():
            # No address, no name: an empty text is what a format forbids.
            for one in (field, *field.get("oneOf", [])):
                if one.get("default") == "":
                    del one["default"]
    result["tags"] = [{"name": name, "description": TAGS.get(name, name)} for name in used]
    return result


def _security(method: str, part: str, address: str) -> dict[str, list[str]]:
    """Return what an operation needs: an account's token, the mail server's word, or nothing."""
    if not _is_closed(method, part, address):
        return {}
    return {"inbound" if part == "inbound" else "token": []}


def _is_closed(method: str, part: str, address: str) -> bool:
    """Tell whether an operation needs a token; tests/api/test_clients.py asks each."""
    if method == "get":
        return part in INBOXES | CLOSED or (part == "districts" and "{" in address)
    return not (method == "post" and part in INBOXES and "{" not in address)


def _part(address: str) -> str:
    parts = [part for part in address.split("/") if part]
    return parts[2] if len(parts) > 2 else "index"


def _summary(method: str, address: str, operation: dict[str, Any]) -> str:
    said = " ".join(str(operation.get("description", "")).split())
    verbs = {
        "get": "Read",
        "post": "Add to",
        "put": "Replace",
        "patch": "Change",
        "delete": "Remove",
    }
    of_one = address.rstrip("/").endswith("}")
    things = " ".join(p for p in address.split("/")[3:] if p and not p.startswith("{"))
    made = f"{verbs[method]} {'one of ' if of_one else ''}{things.replace('-', ' ')}".strip()
    # Docstrings of classes say what a thing is, not what is done: only verbs are summaries.
    first = said.partition(". ")[0].rstrip(".")
    is_verb = first[:1].isupper() and first.split(" ")[0] in VERBS and len(first) < 100
    return first if is_verb else made


VERBS = frozenset(
    [
        "Add",
        "Answer",
        "Apply",
        "Approve",
        "Archive",
        "Ask",
        "Bring",
        "Change",
        "Confirm",
        "Decline",
        "Delete",
        "Export",
        "Give",
        "Invite",
        "List",
        "Make",
        "Move",
        "Order",
        "Publish",
        "Put",
        "Read",
        "Remove",
        "Return",
        "Send",
        "Set",
        "Show",
        "Take",
        "Tell",
        "Write",
    ]
)
