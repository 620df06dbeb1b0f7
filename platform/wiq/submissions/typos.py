"""Domains of addresses that look like a slip of a big provider's: only ever a question."""

from wiq.mail_addresses import parts

# Where most people in Germany have their mailbox, and their usual neighbours.
BIG = (
    "gmail.com", "googlemail.com", "gmx.de", "gmx.net", "gmx.at", "gmx.ch", "gmx.com", "web.de",
    "t-online.de", "freenet.de", "outlook.de", "outlook.com", "hotmail.de", "hotmail.com",
    "live.de", "live.com", "yahoo.de", "yahoo.com", "icloud.com", "posteo.de", "mailbox.org",
    "arcor.de", "aol.com", "aol.de", "proton.me", "protonmail.com", "vodafone.de",
)  # fmt: skip
# In a shorter name, another letter is as likely another provider.
LONG_ENOUGH = 5


def meant(email: str) -> str:
    """Return the address that was probably meant, or an empty text if nothing looks odd."""
    local, typed = parts(email)
    domain = typed.lower()
    if not domain or domain in BIG:
        return ""
    for big in BIG:
        if _is_slip(domain, big):
            return f"{local}@{big}"
    return ""


def _is_slip(typed: str, big: str) -> bool:
    """Tell whether one slip of the keyboard makes ``typed`` of ``big``."""
    if abs(len(typed) - len(big)) > 1:
        return False
    start = next((i for i, pair in enumerate(zip(typed, big, strict=False)) if pair[0] != pair[1]),
                 min(len(typed), len(big)))  # fmt: skip
    mine, other = typed[start:], big[start:]
    if len(typed) != len(big):  # a letter too many or too few
        longer, shorter = sorted((mine, other), key=len, reverse=True)
        return longer[1:] == shorter
    swapped = mine[2:] == other[2:] and mine[:2] == other[1::-1]
    return swapped or (mine[1:] == other[1:] and start < len(big.partition(".")[0]) >= LONG_ENOUGH)
