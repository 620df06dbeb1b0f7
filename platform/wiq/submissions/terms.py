"""The term of whatever residents send: the district's own, read where it is erased and declared."""

from typing import Any


def months_of(district: Any) -> int:
    """Return after how many months a district forgets what is closed."""
    return int(district.retention_months)
