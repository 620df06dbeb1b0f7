"""Who of the team is here to take something: found by an address, or by a name that was typed."""

from typing import Any

from directory.conversations import absences, services
from wiq.actors import Actor


def somebody_here(email: str, *, actor: Actor) -> Any | None:
    """Return the account with this address that can be in charge and is not away, else None."""
    found = services.colleague(email)
    if found is not None and getattr(actor, "pk", None) != found.pk and absences.until(found):
        return None
    return found


def colleague_called(name: str) -> Any | None:
    """Return who of those that are here has this name or address; None if it is not just one."""
    typed = " ".join(name.split()).casefold()
    found = [
        account
        for account in services.colleagues()
        if typed in (account.name.casefold(), account.email.casefold())
        and account.away_until is None
    ]
    return found[0] if len(found) == 1 and typed else None
