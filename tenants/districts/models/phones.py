"""Phone numbers as people write them, and as a phone dials them."""

import re


def dialled(phone: str) -> str:
    """Return a phone number in the form for ``tel:`` links (RFC 3966)."""
    digits = re.sub(r"[^0-9+]", "", phone.replace("(0)", ""))
    digits = re.sub(r"^00", "+", digits)
    return f"+49{digits[1:]}" if digits.startswith("0") else digits
