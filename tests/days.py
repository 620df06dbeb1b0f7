"""Fixed moments of a day in Berlin, for rules that count its days."""

from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import time_machine

BERLIN = ZoneInfo("Europe/Berlin")


def at(day: date, hour: int = 12, minute: int = 0) -> Any:
    """Let the clock stand still at a moment of a local day."""
    moment = datetime.combine(day, time(hour, minute), BERLIN)
    # In UTC: the zone itself would become the process's own.
    return time_machine.travel(moment.astimezone(UTC), tick=False)
