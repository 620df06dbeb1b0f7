"""What the audit log of the current schema says."""

from typing import Any

from wiq.audit.models import Entry


def said(*actions: str) -> list[tuple[str, str]]:
    """Return what these actions' entries say was done and by whom, the oldest first.

    An action that ends with a dot stands for all that begin so.
    """
    entries = Entry.objects.order_by("pk").values_list("action", "actor")
    return [entry for entry in entries if _is_one_of(entry[0], actions)]


def details(action: str) -> list[dict[str, Any]]:
    """Return what else the entries of an action hold, the oldest first."""
    found = Entry.objects.filter(action=action).order_by("pk")
    return list(found.values_list("details", flat=True))


def _is_one_of(action: str, wanted: tuple[str, ...]) -> bool:
    return any(action == one or (one.endswith(".") and action.startswith(one)) for one in wanted)
