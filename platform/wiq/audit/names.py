"""Who and what the entries of the log are about, by the names they have now.

The log itself holds numbers and addresses (wiq.audit.models). What is gone keeps its number.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models
from django.utils.translation import gettext

from wiq.audit.models import Entry
from wiq.rooms import RoomConfig, Tables
from wiq.tenancy import PUBLIC, connection


class Names:
    """The names of accounts and objects, read once for many entries."""

    def __init__(self, accounts: dict[str, str], targets: dict[tuple[str, str], str]) -> None:
        self.accounts, self.targets = accounts, targets

    def account(self, actor: str) -> str:
        """Return the name of the account with this address; the address if there is none."""
        return self.accounts.get(actor) or actor

    def target(self, kind: str, number: str) -> str:
        """Return what an object is called, with its kind; its number if it is gone.

        An empty text stands for no object.
        """
        model = _here(kind)
        if model is None:
            return gettext("Nr. %s") % number if number else ""
        name, sort = self.targets.get((kind, number)), str(model._meta.verbose_name)
        if not name:
            return gettext("Nr. %(number)s (%(kind)s)") % {"number": number, "kind": sort}
        # Some are called by their kind and number.
        if name.startswith(sort):
            return name
        return gettext("„%(name)s“ (%(kind)s)") % {"name": name, "kind": sort}

    def has(self, kind: str, number: str) -> bool:
        """Tell whether an object is still there."""
        return (kind, number) in self.targets


def of_accounts(addresses: Iterable[str]) -> Names:
    """Return the names of the accounts with these addresses."""
    users: Any = get_user_model()
    rows = users.objects.filter(email__in={*addresses}).exclude(name="")
    return Names(dict(rows.values_list("email", "name")), {})


def of_entries(entries: Iterable[Entry]) -> Names:
    """Return the names of all accounts and objects of these entries.

    One query for the accounts and one for each kind of object, however many entries there are.
    """
    listed = list(entries)
    numbers: dict[str, set[str]] = defaultdict(set)
    for entry in listed:
        if entry.target_id.isdecimal():
            numbers[entry.target_type].add(entry.target_id)
    targets: dict[tuple[str, str], str] = {}
    for kind, wanted in numbers.items():
        for row in _rows(kind, wanted):
            targets[kind, str(row.pk)] = str(row)
    return Names(of_accounts(entry.actor for entry in listed).accounts, targets)


def _rows(kind: str, numbers: set[str]) -> Iterable[models.Model]:
    model: Any = _here(kind)
    # Some are called by what they belong to, as "person – team".
    return model._base_manager.filter(pk__in=numbers).select_related() if model else ()


def _here(kind: str) -> type[models.Model] | None:
    """Return a kind of object that has a table in the current schema; None for others."""
    try:
        model = apps.get_model(kind) if kind else None
    except LookupError:  # a model that there was once
        return None
    if model is None:
        return None
    room = apps.get_app_config(model._meta.app_label)
    here = Tables.PUBLIC if connection.schema_name == PUBLIC else Tables.DISTRICT
    return model if isinstance(room, RoomConfig) and room.tables in (here, Tables.BOTH) else None
